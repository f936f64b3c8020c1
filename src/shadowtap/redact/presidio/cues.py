"""Words beside a value that let a recogniser count, as Presidio's ``context``, but as whole words.

Presidio looks for its words inside others ("lic" in "click"), and among them
are some that stand beside any number ("id", "registration").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _AFTER = 64, 24
"""Characters around a match within which a whole word is its neighbour."""

_GENERAL = """
    account address ag approval auth authorization auto billing business car check company contact
    correspondence customer delivery document documento dokument dorf elettronico estero fahrzeug firma
    gemeinde gesellschaft id identification identity individual insurance invoice kg license licence mailing
    member mot no nr number ohg ort pass pi policy praxis provider rechnung reference reg registration rezept
    save shipping specialty stadt states taxonomy travel ug united us vehicle viaggio zip zulassung
"""
GENERAL = frozenset(_GENERAL.split())
"""What stands beside any number, and so says nothing alone."""

Word = tuple[int, int, str]
"""Where a word of a text stands, and the word in lower case."""


Cues = frozenset[frozenset[str]]
"""Phrases of one word or several, of which all words must be there."""


def cues(context: Iterable[str], general: frozenset[str] = GENERAL) -> Cues:
    """Make cues of a recogniser's context words; a phrase of general words alone is none."""
    phrases = [_WORD.findall(phrase.lower()) for phrase in context]
    split = {frozenset(phrase) for phrase in phrases}
    joined = {frozenset(("".join(phrase),)) for phrase in phrases}
    return frozenset(phrase for phrase in split | joined if any(phrase) and not phrase <= general)


def among(its: Cues, words: frozenset[str]) -> bool:
    """Tell whether one of the cues is among these words."""
    return any(phrase <= words for phrase in its)


def words_of(text: str) -> list[Word]:
    """Return the words of a text with their places."""
    return [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]


def near(words: list[Word], start: int, end: int) -> frozenset[str]:
    """Return the words that stand close before a stretch or right after it."""
    return frozenset(
        word
        for first, last, word in words
        if (start - _BEFORE <= first and last <= start) or (end <= first and last <= end + _AFTER)
    )
