"""Parser of rules."""

from __future__ import annotations

from collections.abc import Mapping

from .headers import header_globs, headers, kept_header, method
from .model import Rule, Target
from .parse import as_list, boolean, each, path_glob, percent
from .place import Place
from .tables import fields_of, read_table
from .targets import target_name


def _path(value: object, place: Place) -> str:
    return "" if value == "" else path_glob(value, place)


def _target_names(value: object, place: Place) -> tuple[str, ...]:
    names: tuple[str, ...] = each(target_name)(value, place)
    if not names:
        raise place.problem("is empty; take it out for all targets, or write mirror = false for none")
    return names


RULE_KEYS = {
    "path": _path,
    "methods": each(method),
    "headers": header_globs,
    "mirror": boolean,
    "percent": percent,
    "targets": _target_names,
    "set_headers": headers,
    "keep_headers": each(kept_header),
}
_FOR_COPIES = ("percent", "targets", "set_headers", "keep_headers")


def _table(item: object) -> object:
    """Return the table a rule stands for; what a struct calls ``when`` is ``headers`` in a table."""
    table = fields_of(item, Rule)
    if isinstance(item, Rule) and isinstance(table, dict):
        table["headers"] = table.pop("when")
    return table


def _rule(item: object, place: Place) -> Rule:
    legal = 'a table such as { path = "/health", mirror = false }'
    values = read_table(_table(item), place, RULE_KEYS, legal)
    if not values.get("mirror", True):
        for key in _FOR_COPIES:
            if values.get(key) not in (None, ()):
                raise place.at(key).problem("has no effect beside mirror = false; take one of them out")
    values["when"] = values.pop("headers", ())
    return Rule(**values)


def rules(value: object, place: Place) -> tuple[Rule, ...]:
    """Parse the rules, in their order."""
    if isinstance(value, str | Mapping):
        raise place.refuse(value, "a list of rules ([[rules]] in TOML)")
    items = [value] if isinstance(value, Rule) else as_list(value, place)
    return tuple(_rule(item, place.table("rule", number)) for number, item in enumerate(items, 1))


def check_names(rules: tuple[Rule, ...], targets: tuple[Target, ...], place: Place) -> None:
    """Refuse a rule that names a target that is not there.

    Without any target nothing is mirrored and rules are idle, so a file can be shared with a shadow.
    """
    known = [target.name for target in targets]
    for number, rule in enumerate(rules, 1):
        for name in rule.targets or ():
            if known and name not in known:
                inside = place.table("rule", number).at("targets")
                raise inside.problem(f"names {name}, which is no target; targets are {', '.join(known)}")
