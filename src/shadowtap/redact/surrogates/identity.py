"""Surrogates for personal numbers."""

from __future__ import annotations

from shadowtap.redact.surrogates.dates import birth
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import digits, only_digits, onto, scramble

_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CN_CHECK = "10X98765432"
_SSN_DIGITS = 9
_WALK = 200


def cn_check_digit(first17: str) -> str:
    """Return the last character of a Chinese resident id (GB 11643)."""
    total = sum(int(char) * weight for char, weight in zip(first17, _CN_WEIGHTS, strict=True))
    return _CN_CHECK[total % 11]


def cn_id(keyed: Keyed, text: str) -> str:
    """Keep area, year and sex of a Chinese resident id; move day and sequence, set the check digit."""
    area, date, sequence = text[:6], text[6:14], int(text[14:17])
    domain = b"cn-id:" + text[:14].encode()
    fresh_sequence = keyed.permute(domain, sequence // 2, 20, 25) * 2 + sequence % 2
    first17 = f"{area}{birth(keyed, date)}{fresh_sequence:03}"
    check = cn_check_digit(first17)
    return first17 + (check.lower() if text.endswith("x") else check)


def ssn_valid(run: str) -> bool:
    """Tell whether nine digits could be issued as a US social security number."""
    return run[:3] not in ("000", "666") and run[0] != "9" and run[3:5] != "00" and run[5:] != "0000"


def ssn(keyed: Keyed, text: str) -> str:
    """Permute the nine digits, within what can be issued if the number could be."""
    run = only_digits(text)
    if len(run) != _SSN_DIGITS or not text.replace("-", "").replace(" ", "").isdecimal():
        return scramble(keyed, b"id", text)
    candidate = run
    for _ in range(_WALK):
        candidate = digits(keyed, b"ssn", candidate, keep_lead=run[0] != "0")
        if candidate != run and (not ssn_valid(run) or ssn_valid(candidate)):
            break
    return onto(text, candidate)
