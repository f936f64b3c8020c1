"""Parser of the rules of redaction."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import RedactRule, Settings
from .parse import as_list, choice
from .place import Place
from .tables import fields_of, read_table

PARTS = ("path", "query", "headers", "cookies", "body")
"""What a place begins with."""

ENTITIES = (
    "BANK_ACCOUNT",
    "CITY",
    "CN_RESIDENT_ID",
    "CREDIT_CARD",
    "CVV",
    "DATE_OF_BIRTH",
    "DEVICE_ID",
    "EMAIL_ADDRESS",
    "GEO",
    "IBAN_CODE",
    "IP_ADDRESS",
    "JWT",
    "LOCATION",
    "MAC_ADDRESS",
    "NRP",
    "ORGANIZATION",
    "PERSON",
    "PERSONAL_ID",
    "PHONE_NUMBER",
    "POSTAL_CODE",
    "SECRET",
    "STREET_ADDRESS",
    "USERNAME",
    "US_SSN",
)
"""What a value can be replaced as."""

_LONGEST = 500
_LEGAL = "a place such as body.customer.zip (* within a name, ** for any number of names)"


def place_glob(value: object, place: Place) -> str:
    """Parse a glob over places."""
    glob = value.strip() if isinstance(value, str) else ""
    if not glob or len(glob) > _LONGEST or not glob.isprintable():
        raise place.refuse(value, _LEGAL)
    names = glob.split(".")
    if names[0] not in (*PARTS, "*", "**"):
        raise place.refuse(value, f"{_LEGAL}; the first name is one of: {', '.join(PARTS)}, *, **")
    if re.search(r"[\[\]]", glob):
        raise place.problem("has [ or ] in it; a position in a list is no name: write body.items.sku")
    if any("**" in name and name != "**" for name in names):
        raise place.problem("has ** beside other characters; it stands alone between dots: body.**.zip")
    return glob


def _entity(value: object, place: Place) -> str:
    word = value.strip().upper() if isinstance(value, str) else ""
    if word not in ENTITIES:
        raise place.refuse(value, f"one of: {', '.join(ENTITIES)}")
    return word


REDACT_KEYS = {
    "path": place_glob,
    "action": choice("keep", "keep!", "drop", "scrub", "ner"),
    "as": _entity,
}


def _table(item: object) -> object:
    """Return the table a rule stands for; what a struct calls ``entity`` is ``as`` in a table."""
    table = fields_of(item, RedactRule)
    if isinstance(item, RedactRule) and isinstance(table, dict):
        table["as"] = table.pop("entity") or None
        table["action"] = None if table["action"] == "as" and table["as"] else table["action"]
    return table


def _rule(item: object, place: Place) -> RedactRule:
    legal = 'a table such as { path = "body.note", action = "keep" }'
    values = read_table(_table(item), place, REDACT_KEYS, legal)
    if "path" not in values:
        raise place.at("path").problem(f"is missing; write {_LEGAL}")
    entity = values.pop("as", "")
    if entity and "action" in values:
        raise place.at("as").problem("stands beside action; take one of them out")
    if entity:
        values["action"] = "as"
    if "action" not in values:
        legal = "keep, keep!, drop, scrub or ner"
        raise place.at("action").problem(f'is missing; write {legal}, or as = "EMAIL_ADDRESS"')
    return RedactRule(entity=entity, **values)


def redact_rules(value: object, place: Place) -> tuple[RedactRule, ...]:
    """Parse the rules of redaction, in their order."""
    if isinstance(value, str | Mapping):
        raise place.refuse(value, "a list of rules ([[redact]] in TOML)")
    items = [value] if isinstance(value, RedactRule) else as_list(value, place)
    return tuple(_rule(item, place.table("redact rule", number)) for number, item in enumerate(items, 1))


def check_model(settings: Settings, places: Mapping[str, Place]) -> None:
    """Refuse what needs a model of language where none is set."""
    # A recogniser of the user's may read names by a model of its own.
    if settings.redact_model is not None or settings.redact_recognisers or settings.redact_recogniser_file:
        return
    if settings.redact_free_text == "ner":
        raise places["redact_free_text"].problem("is ner, which needs redact_model; set that, or take scrub")
    for number, rule in enumerate(settings.redact, 1):
        if rule.action == "ner":
            inside = places["redact"].table("redact rule", number).at("action")
            raise inside.problem("is ner, which needs redact_model; set that, or take scrub")


def keeps_everything(rule: RedactRule) -> bool:
    """Tell whether a rule keeps a whole part of the request, or all of it."""
    part, *names = rule.path.split(".")
    every = "**" in names or part == "**"
    return rule.action in ("keep", "keep!") and every and all(set(name) <= {"*"} for name in names)
