"""Presidio's recognisers of single countries, for the countries that the settings name.

Most of what they match is any number, and a check digit passes one number in
ten. So only forms that are told by letters among the digits count by
themselves; the others need a cue: a word of the field's name, or one close by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from presidio_analyzer import EntityRecognizer, predefined_recognizers

from shadowtap.redact.entities import Finding
from shadowtap.redact.presidio.cues import Cues, among, cues, near, words_of
from shadowtap.redact.presidio.run import boosted, run
from shadowtap.redact.presidio.watched import watch


class _Least(NamedTuple):
    """What a text must have for an expression to match at all."""

    length: int
    digits: int
    letters: int


_TELLING: dict[str, _Least] = {
    "DeSocialSecurityRecognizer": _Least(12, 11, 1),
    "EsNieRecognizer": _Least(8, 7, 1),
    "EsNifRecognizer": _Least(8, 7, 1),
    "FiPersonalIdentityCodeRecognizer": _Least(11, 9, 0),
    "InGstinRecognizer": _Least(15, 2, 1),
    "InPanRecognizer": _Least(10, 4, 6),
    "ItFiscalCodeRecognizer": _Least(16, 0, 9),
    "SgFinRecognizer": _Least(9, 7, 2),
    "UkDrivingLicenceRecognizer": _Least(16, 6, 2),
    "UkNinoRecognizer": _Least(9, 6, 3),
    "UsMbiRecognizer": _Least(11, 4, 4),
}
"""Those that count without a cue: letters among the digits, and mostly a check character."""

_REPLACED = frozenset({"UsSsnRecognizer"})
"""Of which we have a better one."""

_LETTER = re.compile(r"[A-Za-z]")
_NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_NRIC_LETTERS = {
    "S": (0, "JZIHGFEDCBA"),
    "T": (4, "JZIHGFEDCBA"),
    "F": (0, "XWUTRQPNMLK"),
    "G": (4, "XWUTRQPNMLK"),
    "M": (3, "XWUTRQPNJLK"),
}


def _nric_valid(text: str) -> bool:
    """Tell whether the letter at the end of a Singapore identity number is the right one."""
    offset, letters = _NRIC_LETTERS.get(text[0].upper(), (0, ""))
    total = offset + sum(int(char) * weight for char, weight in zip(text[1:8], _NRIC_WEIGHTS, strict=True))
    return letters[total % 11 :][:1] == text[8].upper()


_CHECKS: dict[str, Callable[[str], bool]] = {"SgFinRecognizer": _nric_valid}
"""Check characters that Presidio does not look at; they matter where no cue does."""


class _Member(NamedTuple):
    recogniser: EntityRecognizer
    cues: Cues
    check: Callable[[str], bool] | None


class CountryRecognisers:
    """The recognisers of some countries behind their gates."""

    def __init__(self, countries: Iterable[str], present: frozenset[str]) -> None:
        """Load them, but for those whose class is ``present`` already."""
        self.recognisers: list[EntityRecognizer] = []
        self._telling: list[tuple[_Least, _Member]] = []
        self._cued: dict[str, list[tuple[frozenset[str], _Member]]] = {}
        for made in _made(frozenset(countries), present | _REPLACED):
            kind = type(made).__name__
            member = _Member(watch(made), cues(made.context or ()), _CHECKS.get(kind))
            self.recognisers.append(made)
            if kind in _TELLING:
                self._telling.append((_TELLING[kind], member))
            for phrase in member.cues:
                self._cued.setdefault(min(phrase), []).append((phrase, member))

    def find(self, text: str, digits: int, words: frozenset[str]) -> Iterator[Finding]:
        """Yield what they find in a text with so many digits, in a field whose name has these words."""
        places = words_of(text)
        around = words.union(word for _, _, word in places)
        cued = [m for w in around for phrase, m in self._cued.get(w, ()) if phrase <= around]
        for member in {id(member): member for member in cued}.values():
            for result in run(member.recogniser, text):
                if among(member.cues, words | near(places, result.start, result.end)):
                    yield from boosted(result, cued=True)
        letters = len(_LETTER.findall(text))
        for least, (recogniser, _, check) in self._telling:
            if len(text) >= least.length and digits >= least.digits and letters >= least.letters:
                for result in run(recogniser, text):
                    if check is None or check(text[result.start : result.end]):
                        yield from boosted(result, cued=False)


def _made(countries: frozenset[str], left_out: frozenset[str]) -> Iterator[EntityRecognizer]:
    """Make one of each of Presidio's recognisers for the countries, those that are off by default too.

    Presidio's own filter by country takes only those that are on.
    """
    for name, kind in sorted(vars(predefined_recognizers).items()):
        if name in left_out or not isinstance(kind, type) or not issubclass(kind, EntityRecognizer):
            continue
        if kind.COUNTRY_CODE in countries:
            # Presidio runs a recogniser for texts of one language; the values of fields are of none.
            yield kind(supported_language="en")  # type: ignore[call-arg]
