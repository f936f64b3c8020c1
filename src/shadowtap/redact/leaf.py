"""What becomes of one value: the order of decisions.

1. What the field's name says, if the value can be that.
2. Forms that are unmistakably technical stay.
3. Recognisers: Presidio's and ours. What is found gets a surrogate.
4. Free text is scrubbed, and so is what is too long to judge.
5. Everything else stays: a single word that nobody recognises, above all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from shadowtap.redact import entities
from shadowtap.redact.entities import Finding, disjoint
from shadowtap.redact.free_text import is_free_text, scrub
from shadowtap.redact.guards import number_fits, text_fits
from shadowtap.redact.keys import Field
from shadowtap.redact.national import NATIONAL_IDS
from shadowtap.redact.plain import plain
from shadowtap.redact.recognisers import ean13_valid
from shadowtap.redact.shapes import is_technical, is_unmistakable
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.surrogates.people import address, name
from shadowtap.redact.surrogates.scramble import only_digits
from shadowtap.redact.surrogates.secrets import secret

MAX_JUDGED = 4096
"""Characters; a longer value is scrubbed whole, without a look for what is in it."""

_MAX_LABEL = 80
_ONE_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+").fullmatch
_TELLING_DIGITS = range(11, 20)
_WORDY = frozenset(
    {
        entities.PERSON,
        entities.BARE_NAME,
        entities.USERNAME,
        entities.STREET,
        entities.CITY,
        entities.TEXT,
        entities.EMAIL,
    }
)
_AUTH_SCHEMES = frozenset({"", "bearer", "basic", "token", "digest", "apikey"})


class Removed(NamedTuple):
    """A stretch of the original value, and what stands in its place."""

    start: int
    end: int
    surrogate: str


class Outcome(NamedTuple):
    """A value that was changed."""

    text: str
    removed: tuple[Removed, ...]


class Detects(Protocol):
    """Finds what is personal in a text by its form."""

    def find(self, text: str, words: frozenset[str] = ...) -> list[Finding]:
        """Return what was found; ``words`` are those of the field's name."""


class LeafRedactor:
    """Decides on single values. Knows nothing of requests."""

    def __init__(self, surrogates: Surrogates, detector: Detects) -> None:
        self._surrogates = surrogates
        self._detector = detector
        keyed = surrogates.keyed
        self._rest: dict[str, Callable[[str], str]] = {
            entities.PERSON: lambda text: name(keyed, text),
            entities.BARE_NAME: lambda text: name(keyed, text),
            entities.EMAIL: lambda text: name(keyed, text),
            entities.STREET: lambda text: address(keyed, text),
            entities.CITY: lambda text: address(keyed, text),
            entities.TEXT: lambda text: scrub(keyed, text),
            entities.USERNAME: lambda text: scrub(keyed, text),
            entities.SECRET: lambda text: (
                text if text.strip().lower() in _AUTH_SCHEMES else secret(keyed, text)
            ),
        }

    def text(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a string; ``None`` when it stays."""
        seen = plain(text)
        if len(seen) == len(text):
            return self._decide(text, seen, field)
        # No telling which character came from which, so the whole value is the evened one.
        outcome = self._decide(seen, seen, field)
        return None if outcome is None else _whole(text, outcome.text)

    def strict(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a text in which only recognisers count, such as a field's name."""
        seen = plain(text)
        if is_unmistakable(seen):
            return None
        if len(seen) > MAX_JUDGED:
            return self._scrubbed(text, seen)
        findings = self._findings(seen, field)
        if not findings:
            return None
        if len(seen) == len(text):
            return self._splice(text, seen, findings, None)
        return _whole(text, self._splice(seen, seen, findings, None).text)

    def number(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a JSON number; ``None`` when it stays."""
        digits = len(only_digits(text))
        entity = field.kind if field.kind and number_fits(field.kind, field.words, digits) else ""
        if not entity and digits in _TELLING_DIGITS and text.isdecimal():
            findings = self._findings(text, field)
            if findings and findings[0].start == 0 and findings[0].end == len(text):
                entity = findings[0].entity
        if not entity:
            return None
        fresh = self._surrogates.number(entity, text)
        return None if fresh == text else _whole(text, fresh)

    def _findings(self, seen: str, field: Field) -> list[Finding]:
        findings = self._detector.find(seen, field.words)
        if findings and field.version:
            findings = [found for found in findings if found.entity != entities.IP]
        if findings and field.item_number and ean13_valid(seen):
            return []
        return disjoint(findings)

    def _decide(self, text: str, seen: str, field: Field) -> Outcome | None:
        kind = field.kind if field.kind and text_fits(field.kind, seen) else ""
        if (not kind or kind == entities.TEXT) and is_unmistakable(seen):
            return None
        if len(seen) > MAX_JUDGED:
            return self._scrubbed(text, seen, kind)
        if kind == entities.EMAIL and _ONE_ADDRESS(seen):
            return _whole(text, self._surrogates.text(kind, seen))
        findings = self._findings(seen, field)
        if kind:
            return self._named(text, seen, kind, findings)
        if findings:
            free = is_free_text(_without(seen, findings)) and not _is_label(seen, field)
            return self._splice(text, seen, findings, entities.TEXT if free else None)
        if not is_free_text(seen) or _is_label(seen, field) or is_technical(seen):
            return None
        return self._scrubbed(text, seen)

    def _named(self, text: str, seen: str, kind: str, findings: list[Finding]) -> Outcome | None:
        """Decide on a value whose field's name tells what it is."""
        if kind == entities.TEXT and not findings:
            return None if is_technical(seen) else self._scrubbed(text, seen)
        if len(findings) == 1 and findings[0].start == 0 and findings[0].end == len(seen):
            # By chance a telephone number may have the check digits of something else.
            found = findings[0].entity
            kind = kind if kind == entities.PHONE and found in NATIONAL_IDS else found
        elif findings and (kind in _WORDY or kind == entities.SECRET):
            return self._splice(text, seen, findings, kind)
        return _whole(text, self._surrogates.text(kind, seen))

    def _scrubbed(self, text: str, seen: str, kind: str = "") -> Outcome | None:
        keyed = self._surrogates.keyed
        fresh = secret(keyed, seen) if kind == entities.SECRET else scrub(keyed, seen)
        if fresh == seen:
            return None
        # A plain word is nobody's when it occurs elsewhere, say as the name of a status.
        word = seen.isascii() and seen.isalpha() and seen.islower()
        return Outcome(fresh, ()) if word and kind != entities.SECRET else _whole(text, fresh)

    def _splice(self, text: str, seen: str, findings: list[Finding], kind: str | None) -> Outcome:
        """Put surrogates in the place of the findings; the rest stays, or is treated as ``kind`` says."""
        out: list[str] = []
        removed: list[Removed] = []
        at = 0
        for start, end, entity in findings:
            out.append(self._around(text[at:start], kind))
            surrogate = self._surrogates.text(entity, seen[start:end])
            out.append(surrogate)
            removed.append(Removed(start, end, surrogate))
            at = end
        out.append(self._around(text[at:], kind))
        fresh = "".join(out)
        if kind:
            removed.append(Removed(0, len(text), fresh))
        return Outcome(fresh, tuple(removed))

    def _around(self, text: str, kind: str | None) -> str:
        return self._rest[kind](text) if kind and any(map(str.isalnum, text)) else text


def _whole(text: str, fresh: str) -> Outcome:
    return Outcome(fresh, (Removed(0, len(text), fresh),))


def _is_label(seen: str, field: Field) -> bool:
    return field.kept_text and len(seen) <= _MAX_LABEL


def _without(seen: str, findings: list[Finding]) -> str:
    pieces, at = [], 0
    for start, end, _ in findings:
        pieces.append(seen[at:start])
        at = end
    return " ".join([*pieces, seen[at:]])
