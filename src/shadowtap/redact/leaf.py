"""What becomes of one value: the order of decisions.

1. What the field's name says, if the value can be that.
2. Forms that are unmistakably technical stay.
3. Recognisers: Presidio's and ours. What is found gets a surrogate.
4. Free text is scrubbed, or only what is personal in it is replaced. What is too long to judge is scrubbed.
5. Everything else stays: a single word that nobody recognises, above all. In strict mode it is scrubbed.

What a rule of the user's says comes before all of it, in ``RuledWalk``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from shadowtap.redact import entities
from shadowtap.redact.decision import KEPT, KEPT_BY_NAME, KEPT_SHAPE, Outcome, Removed, replaced_whole, whole
from shadowtap.redact.entities import Finding, disjoint
from shadowtap.redact.free_text import is_free_text, scrub
from shadowtap.redact.guards import number_fits, text_fits
from shadowtap.redact.keys import SEGMENT_FIELD, Field
from shadowtap.redact.national import NATIONAL_IDS
from shadowtap.redact.notes import Step
from shadowtap.redact.plain import plain
from shadowtap.redact.reading import Reading
from shadowtap.redact.recognisers import ean13_valid
from shadowtap.redact.shapes import is_technical, is_unmistakable
from shadowtap.redact.strict import is_nobodys
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.surrogates.people import address, name
from shadowtap.redact.surrogates.scramble import only_digits
from shadowtap.redact.surrogates.secrets import secret

MAX_JUDGED = 4096
"""Characters; a longer value is scrubbed whole, without a look for what is in it."""

_MAX_LABEL = 80
_ONE_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+").fullmatch
_MOST_DIGITS = 19
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

_STEPS = {entities.SECRET: Step.CREDENTIAL, entities.TEXT: Step.FREE_TEXT}
"""What is not simply decided by the field's name."""


class Detects(Protocol):
    """Finds what is personal in a text by its form."""

    def find(self, text: str, words: frozenset[str] = ...) -> list[Finding]:
        """Return what was found; ``words`` are those of the field's name."""

    def find_custom(self, text: str, words: frozenset[str] = ...) -> list[Finding]:
        """Return what the user's own recognisers find, which see every value."""

    @property
    def custom(self) -> bool:
        """Whether there are such recognisers."""

    @property
    def fewest_digits(self) -> int:
        """Digits of a JSON number from which on it can be told by its form."""


class LeafRedactor:
    """Decides on single values. Knows nothing of requests.

    With ``reads`` free text stays, but for what is personal in it.
    """

    def __init__(
        self,
        surrogates: Surrogates,
        detector: Detects,
        reading: Reading,
        *,
        reads: bool = False,
        strict: bool = False,
    ) -> None:
        self._surrogates = surrogates
        self._detector = detector
        self._reading = reading
        self._strict = strict
        self._reads = reads
        self._fewest_digits = detector.fewest_digits
        self.every = strict or detector.custom
        """No value is too plain to be decided upon."""
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
        return outcome if outcome is None or outcome.kept else replaced_whole(text, outcome)

    def strict(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a text in which only recognisers count, such as a field's name."""
        seen = plain(text)
        if is_unmistakable(seen):
            return None
        if len(seen) > MAX_JUDGED:
            return self._scrubbed(text, seen)
        findings = self._findings(seen, field)
        if not findings:
            return KEPT_BY_NAME
        if len(seen) == len(text):
            return self._splice(text, seen, findings, None)
        return replaced_whole(text, self._splice(seen, seen, findings, None))

    def scrub(self, text: str, _: Field) -> Outcome | None:
        """Return what becomes of a text that is to be scrubbed, whatever is in it."""
        return self._scrubbed(text, plain(text))

    def read(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a text that stays, but for what is personal in it; may raise ``Unread``."""
        seen = plain(text)
        if len(seen) > MAX_JUDGED:
            return self._scrubbed(text, seen)
        if len(seen) == len(text):
            return self._read(text, seen, self._findings(seen, field))
        outcome = self._read(seen, seen, self._findings(seen, field))
        return outcome if outcome.kept else replaced_whole(text, outcome)

    def number(self, text: str, field: Field) -> Outcome | None:
        """Return what becomes of a JSON number; ``None`` when it stays."""
        digits = len(only_digits(text))
        entity = field.kind if field.kind and number_fits(field.kind, field.words, digits) else ""
        step = _step_of(entity)
        if not entity and self._fewest_digits <= digits <= _MOST_DIGITS and text.isdecimal():
            findings = self._findings(text, field)
            if findings and findings[0].start == 0 and findings[0].end == len(text):
                entity, step = findings[0].entity, Step.RECOGNISER
        if not entity and self._detector.custom:
            entity = next((found.entity for found in self._detector.find_custom(text, field.words)), "")
            step = Step.RECOGNISER
        if not entity:
            return None
        fresh = self._surrogates.number(entity, text)
        return None if fresh == text else whole(text, fresh, step, entity)

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
            return self._technical(text, seen, field)
        if len(seen) > MAX_JUDGED:
            return self._scrubbed(text, seen, kind)
        if kind == entities.EMAIL and _ONE_ADDRESS(seen):
            return whole(text, self._surrogates.text(kind, seen), Step.KEY, kind)
        findings = self._findings(seen, field)
        if kind:
            return self._named(text, seen, kind, findings)
        if not findings:
            return self._unnamed(text, seen, field)
        rest = _without(seen, findings)
        free = (is_free_text(rest) or self._guesses(rest, field)) and not _is_label(seen, field)
        if free and self._reads:
            return self._read(text, seen, findings)
        return self._splice(text, seen, findings, entities.TEXT if free else None)

    def _technical(self, text: str, seen: str, field: Field) -> Outcome:
        """Keep a technical form, unless a recogniser of the user's knows better."""
        findings = self._detector.find_custom(seen, field.words) if self._detector.custom else []
        return self._splice(text, seen, disjoint(findings), None) if findings else KEPT_SHAPE

    def _unnamed(self, text: str, seen: str, field: Field) -> Outcome | None:
        """Decide on a value of which neither its name nor a recogniser says anything."""
        if not is_free_text(seen) and self._guesses(seen, field):
            return self._guessed(text, seen)
        if is_technical(seen):
            return KEPT_SHAPE
        if not is_free_text(seen):
            return None
        if _is_label(seen, field):
            return KEPT_BY_NAME
        return self._read(text, seen, []) if self._reads else self._scrubbed(text, seen)

    def _guesses(self, seen: str, field: Field) -> bool:
        """Tell whether strict mode takes what nobody recognised."""
        if not self._strict or field is SEGMENT_FIELD or _is_label(seen, field):
            return False
        return not all(map(is_nobodys, seen.split()))

    def _guessed(self, text: str, seen: str) -> Outcome | None:
        """Scrub a word that may be somebody's; one of letters alone may well be the name of a field, too."""
        outcome = self._scrubbed(text, seen)
        if outcome is None:
            return None
        removed = () if seen.isascii() and seen.isalpha() else outcome.removed
        return outcome._replace(removed=removed, step=Step.STRICT)

    def _named(self, text: str, seen: str, kind: str, findings: list[Finding]) -> Outcome | None:
        """Decide on a value whose field's name tells what it is."""
        if kind == entities.TEXT and self._reads and not is_technical(seen):
            return self._read(text, seen, findings)
        if kind == entities.TEXT and not findings:
            return KEPT_SHAPE if is_technical(seen) else self._scrubbed(text, seen)
        step = _step_of(kind)
        if len(findings) == 1 and findings[0].start == 0 and findings[0].end == len(seen):
            # By chance a telephone number may have the check digits of something else.
            found = findings[0].entity
            kind = kind if kind == entities.PHONE and found in NATIONAL_IDS else found
        elif findings and (kind in _WORDY or kind == entities.SECRET):
            return self._splice(text, seen, findings, kind)._replace(step=step)
        return whole(text, self._surrogates.text(kind, seen), step, kind)

    def _read(self, text: str, seen: str, findings: list[Finding]) -> Outcome:
        findings = disjoint([*findings, *self._reading.find(seen)])
        outcome = self._splice(text, seen, findings, None) if findings else KEPT
        return outcome._replace(step=Step.FREE_TEXT)

    def _scrubbed(self, text: str, seen: str, kind: str = "") -> Outcome | None:
        keyed = self._surrogates.keyed
        fresh = secret(keyed, seen) if kind == entities.SECRET else scrub(keyed, seen)
        if fresh == seen:
            return None
        # A plain word is nobody's when it occurs elsewhere, say as the name of a status.
        word = seen.isascii() and seen.isalpha() and seen.islower()
        outcome = whole(text, fresh, _step_of(kind or entities.TEXT), kind or entities.TEXT)
        return outcome._replace(removed=()) if word and kind != entities.SECRET else outcome

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
        step = Step.FREE_TEXT if kind == entities.TEXT else Step.RECOGNISER
        return Outcome(fresh, tuple(removed), step, "+".join(dict.fromkeys(f.entity for f in findings)))

    def _around(self, text: str, kind: str | None) -> str:
        return self._rest[kind](text) if kind and any(map(str.isalnum, text)) else text


def _step_of(kind: str) -> Step:
    return _STEPS.get(kind, Step.KEY)


def _is_label(seen: str, field: Field) -> bool:
    return field.kept_text and len(seen) <= _MAX_LABEL


def _without(seen: str, findings: list[Finding]) -> str:
    pieces, at = [], 0
    for start, end, _ in findings:
        pieces.append(seen[at:start])
        at = end
    return " ".join([*pieces, seen[at:]])
