"""The user's rules: which one holds for a place, and what it makes of a value there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from shadowtap.redact import entities
from shadowtap.redact.decision import Outcome, Removed
from shadowtap.redact.guards import TEXT_GUARDS
from shadowtap.redact.keys import Field
from shadowtap.redact.leaf import MAX_JUDGED, LeafRedactor
from shadowtap.redact.plain import plain
from shadowtap.redact.surrogates import Surrogates
from shadowtap.settings.model import RedactRule

_MAX_PLACES = 10_000
_LONGEST_PLACE = 200
"""Characters of a place whose rule is remembered. Places are made of names, and no data."""

_LENIENT = frozenset({"keep", "scrub", "ner"})
_FORMS = {
    entities.EMAIL: r".*@.*",
    entities.SSN: r"[0-9 .\-]{4,20}",
    entities.IBAN: r"[A-Z]{2}[0-9]{2}[A-Z0-9 \-]{8,40}",
    entities.CN_ID: r"[0-9 \-]{14,24}[0-9Xx]",
    entities.MAC: r"[0-9A-Fa-f]{2}(?:[:\-.]?[0-9A-Fa-f]{2}){5,7}",
    entities.JWT: r"[\w\-]+\.[\w\-]+\.[\w\-]*",
    entities.GEO: r"[0-9NSEWnsew°'\".,;\s+\-]{1,60}",
    entities.BIRTH: r"[0-9\s./,:+\-TZ年月日]{4,40}",
}
_STRICT_GUARDS = (entities.PHONE, entities.CARD, entities.CVV)

Decide = Callable[[str, Field], "Outcome | None"]
Remembered = Callable[[Decide, bytes], Callable[[str, Field], Outcome]]
"""Makes of a decision one that is remembered, under a name of its own."""


def compiled(glob: str) -> re.Pattern[str]:
    """Compile a glob over the names of a place, each with a dot behind it; case does not count.

    ``*`` is any text within a name, ``**`` any number of names. The groups are
    atomic, so matching takes time linear in the place for each name of the glob.
    """
    sections: list[list[str]] = [[]]
    for name in glob.split("."):
        if name == "**":
            sections.append([])
        else:
            sections[-1].append(rf"{_name(name)}\.")
    first, *others = ["".join(section) for section in sections]
    if others:
        middle = "".join(rf"(?>(?:[^.]*\.)*?{names})" for names in others[:-1])
        first = rf"{first}{middle}(?:[^.]*\.)*{others[-1]}"
    return re.compile(first, re.IGNORECASE | re.DOTALL)


def _name(glob: str) -> str:
    first, *others = map(re.escape, glob.split("*"))
    if not others:
        return first
    middle = "".join(rf"(?>[^.]*?{text})" for text in others[:-1])
    return rf"{first}{middle}[^.]*{others[-1]}"


def matches(pattern: re.Pattern[str], place: str) -> bool:
    """Tell whether a compiled glob matches a place."""
    return pattern.fullmatch(place + ".") is not None


class Action:
    """What one rule does with values."""

    __slots__ = ("drops", "entity", "keeps", "keeps_all", "lenient", "number", "text")

    def __init__(self, rule: RedactRule, maker: Maker, kept: Remembered) -> None:
        self.keeps = rule.action in ("keep", "keep!")
        self.keeps_all = rule.action == "keep!"
        self.drops = rule.action == "drop"
        self.entity = rule.entity
        self.lenient = rule.action in _LENIENT
        """Takes out too little to hold for a credential."""
        text, number = maker.of(rule)
        name = f"rule {rule.action} {rule.entity} ".encode()
        self.text = kept(text, name + b"text")
        self.number = kept(number, name + b"number")


class Maker:
    """Makes what stands in the place of a value that a rule is about."""

    def __init__(self, leaves: LeafRedactor, surrogates: Surrogates) -> None:
        self._leaves = leaves
        self._surrogates = surrogates

    def of(self, rule: RedactRule) -> tuple[Decide, Decide]:
        """Return what decides on strings and on numbers."""
        if rule.action == "drop":
            return self._empty, self._zero
        if rule.action == "as":
            return partial(self._text, rule.entity), partial(self._number, rule.entity)
        if rule.action == "scrub":
            return self._leaves.scrub, partial(self._number, entities.TEXT)
        return self._leaves.read, self._leaves.number

    def _empty(self, text: str, _: Field) -> Outcome | None:
        """Empty a string; where it stands elsewhere it gets a surrogate, unless it is a plain word."""
        if text.isascii() and text.isalpha() and text.islower():
            return Outcome("", ())
        # A file in a string is not worth it: its surrogate is made when it is found elsewhere.
        fresh = self._surrogates.text(entities.ID, text) if len(text) <= MAX_JUDGED else ""
        return Outcome("", (Removed(0, len(text), fresh),))

    def _zero(self, text: str, _: Field) -> Outcome | None:
        """Make 0 of a number; where it stands elsewhere it gets a surrogate."""
        fresh = self._surrogates.number(entities.ID, text)
        return Outcome("0", () if fresh == text else (Removed(0, len(text), fresh),))

    def _text(self, entity: str, text: str, _: Field) -> Outcome | None:
        return _replaced(text, self._made(self._surrogates.text, entity, plain(text) or text))

    def _number(self, entity: str, text: str, _: Field) -> Outcome | None:
        return _replaced(text, self._made(self._surrogates.number, entity, text))

    def _made(self, make: Callable[[str, str], str], entity: str, text: str) -> str:
        """Return a value as an entity; one that is nothing like it is replaced letter by letter."""
        if fits(entity, text):
            with suppress(ValueError):  # it only looks like one
                return make(entity, text)
        return make(entities.ID, text)


def _replaced(text: str, fresh: str) -> Outcome | None:
    return None if fresh == text else Outcome(fresh, (Removed(0, len(text), fresh),))


def fits(entity: str, text: str) -> bool:
    """Tell whether a value has the form of an entity, where its surrogate keeps what is not of that form."""
    form = _FORMS.get(entity)
    if form is not None:
        return re.fullmatch(form, text, re.DOTALL) is not None
    return entity not in _STRICT_GUARDS or TEXT_GUARDS[entity](text)


class Rules(dict[str, Action | None]):
    """What the first rule that matches a place does there, by place; remembers the places that were seen."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[RedactRule], maker: Maker, kept: Remembered) -> None:
        super().__init__()
        self._rules = [(compiled(rule.path), Action(rule, maker, kept)) for rule in rules]

    def __missing__(self, place: str) -> Action | None:
        """Find the rule for a place."""
        found = next((action for pattern, action in self._rules if matches(pattern, place)), None)
        if len(self) < _MAX_PLACES and len(place) <= _LONGEST_PLACE:
            self[place] = found
        return found
