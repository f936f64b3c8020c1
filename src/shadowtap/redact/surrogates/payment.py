"""Surrogates for card numbers and IBANs, with the check digits that their validators want."""

from __future__ import annotations

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import digits, only_digits, onto, scramble

_BRAND = 4
_MIN_CARD = 12
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""A digit to twice its value, the digits of that added up."""
_ZERO = ord("0")


def luhn_digit(payload: str) -> int:
    """Return the check digit that goes after ``payload`` (ISO/IEC 7812-1)."""
    run = payload.encode()
    return (_ZERO * len(run) - sum(run[::-2].translate(_DOUBLED)) - sum(run[-2::-2])) % 10


def luhn_valid(run: str) -> bool:
    """Tell whether the last digit is the right check digit."""
    return luhn_digit(run[:-1]) == int(run[-1])


def card(keyed: Keyed, text: str) -> str:
    """Keep the brand's four digits, permute the others; a valid number stays valid and a wrong one wrong."""
    run = only_digits(text)
    if len(run) < _MIN_CARD:
        return scramble(keyed, b"card-part", text)
    brand, payload = run[:_BRAND], run[_BRAND:-1]
    error = int(run[-1]) - luhn_digit(run[:-1])
    fresh = brand + digits(keyed, b"card:" + brand.encode(), payload)
    return onto(text, fresh + str((luhn_digit(fresh) + error) % 10))


def iban_remainder(compact: str) -> int:
    """Return the remainder by 97 of an IBAN without spaces (ISO 13616); 1 when it is valid."""
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97


def iban(keyed: Keyed, text: str) -> str:
    """Keep the country, scramble the account in the shape of its bank's format, and set the check digits."""
    letters = [char for char in text if char.isalnum()]
    compact = "".join(letters).upper()
    country, account = compact[:2], scramble(keyed, b"iban:" + compact[:2].encode(), compact[4:])
    if iban_remainder(compact) == 1:
        check = f"{98 - iban_remainder(country + '00' + account):02}"
    else:
        check = digits(keyed, b"iban-check", compact[2:4])
    source = iter(country + check + account)
    fresh = "".join(next(source) if char.isalnum() else char for char in text)
    return fresh.lower() if text.islower() else fresh
