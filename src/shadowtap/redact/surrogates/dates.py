"""Surrogates for dates of birth: another day of the same year, written in the same way."""

from __future__ import annotations

import re

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import scramble

_SEPARATOR = r"[-/.\s年月]{1,3}"
_YEAR_FIRST = re.compile(
    rf"((?:1[89]|20)[0-9]{{2}})({_SEPARATOR})([0-9]{{1,2}})({_SEPARATOR})([0-9]{{1,2}})(?![0-9])"
)
_YEAR_LAST = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}})({_SEPARATOR})([0-9]{{1,2}})({_SEPARATOR})((?:1[89]|20)?[0-9]{{2}})(?![0-9])"
)
_COMPACT = re.compile(r"((?:1[89]|20)[0-9]{2})([01][0-9])([0-3][0-9])")
_SAFE_DAYS = 28
_MONTHS = 12


def birth(keyed: Keyed, text: str) -> str:
    """Return a valid date of the same year in the same format; what is no date is scrambled."""
    for attempt in range(8):
        fresh = _moved(keyed, text, attempt)
        if fresh is None:
            break
        if fresh != text:
            return fresh
    return scramble(keyed, b"birth", text)


def _moved(keyed: Keyed, text: str, attempt: int) -> str | None:
    """Return the text with a day drawn anew, by chance the same; ``None`` if it has no date."""
    found = _COMPACT.fullmatch(text)
    if found is not None:
        year, month, day = found.groups()
        draw = _draw(keyed, year + month + day, attempt)
        return year + _day(month, draw[0], _MONTHS) + _day(day, draw[1], _SAFE_DAYS)
    found = _YEAR_FIRST.search(text)
    if found is not None:
        year, first, month, second, day = found.groups()
        draw = _draw(keyed, found.group(), attempt)
        moved = year + first + _day(month, draw[0], _MONTHS) + second + _day(day, draw[1], _SAFE_DAYS)
    else:
        found = _YEAR_LAST.search(text)
        if found is None:
            return None
        one, first, two, second, year = found.groups()
        draw = _draw(keyed, found.group(), attempt)
        # Which of the two is the month differs by country, so both stay within twelve.
        moved = _day(one, draw[0], _MONTHS) + first + _day(two, draw[1], _MONTHS) + second + year
    return text[: found.start()] + moved + text[found.end() :]


def _draw(keyed: Keyed, date: str, attempt: int) -> bytes:
    return keyed.digest(b"birth:%d" % attempt, date.encode())


def _day(old: str, draw: int, most: int) -> str:
    """Return a number from 1 to ``most`` with as many digits as the old one, which may begin with 0."""
    if len(old) == 1:
        return str(1 + draw % 9)
    if old[0] == "0":
        return f"{1 + draw % 9:02}"
    return str(10 + draw % (most - 9))
