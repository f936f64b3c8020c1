"""Surrogates for the personal numbers of many countries."""

from __future__ import annotations

from shadowtap.redact.national import NATIONAL_IDS, NationalId, compact
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import scramble

_MONTH_LETTERS = "ABCDEHLMPRST"
_OFFSETS = (0, 20, 40, 50, 60, 70)
"""What countries add to a month or a day to tell a sex or a century."""


def national_id(keyed: Keyed, entity: str, text: str) -> str:
    """Keep year and kind of a number, move the birthday, permute the rest, set the check characters."""
    kind = NATIONAL_IDS[entity]
    run = compact(text)
    fresh = _fresh(keyed, entity.encode(), kind, run)
    if kind.checked(run) == run:
        fresh = kind.checked(fresh)
    source = iter(fresh)
    return "".join(next(source) if char.isalnum() else char for char in text)


def _fresh(keyed: Keyed, domain: bytes, kind: NationalId, run: str) -> str:
    # A number may be longer than its mask by a century or a sign at its beginning, and shorter by a digit.
    mask = _fitted(kind.mask, len(run))
    out = list(run)
    places = [index for index, sign in enumerate(mask) if sign == "#"]
    anybodys = "".join(run[index] for index in places)
    rest = "".join(char for char, sign in zip(run, mask, strict=True) if sign not in "#?")
    for index, char in zip(places, scramble(keyed, domain + b":" + rest.encode(), anybodys), strict=True):
        out[index] = char
    draw = keyed.digest(domain + b"-birth", run.encode())
    for sign, most, byte in (("mm", 12, draw[0]), ("dd", 28, draw[1])):
        at = mask.find(sign)
        if at >= 0 and run[at : at + 2].isdecimal():
            out[at : at + 2] = _moved(run[at : at + 2], most, byte)
    if "M" in mask:
        out[mask.index("M")] = _MONTH_LETTERS[draw[0] % 12]
    return "".join(out)


def _fitted(mask: str, length: int) -> str:
    missing = length - len(mask)
    if missing < 0:
        return mask[-length:]
    at = 6 if mask.startswith("ddmm") else 0
    return mask[:at] + "=" * missing + mask[at:]


def _moved(pair: str, most: int, draw: int) -> str:
    """Return another month or day with what its country adds to it."""
    number = int(pair)
    for offset in _OFFSETS:
        if offset < number <= offset + (31 if most > 12 else 12):
            return f"{offset + 1 + draw % most:02}"
    return pair
