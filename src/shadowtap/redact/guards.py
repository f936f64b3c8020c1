"""Whether a value can be what its field's name says: ``email_template: "welcome"`` is no address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from shadowtap.redact import entities

_DIGIT = re.compile(r"[0-9]")
_LETTER = re.compile(r"[^\W\d_]")
_ALNUM = re.compile(r"[^\W_]")
_PHONE = re.compile(r"(?:tel:)?(?:(?:ext|x|#)?[0-9\s()+./,;:\-\u00a0*]){5,60}", re.IGNORECASE)
_CARD = re.compile(r"[0-9 \-*xX•.]{4,40}")
_CVV = re.compile(r"\s{0,4}[0-9]{3,6}\s{0,4}")
_DECIMAL = re.compile(r"[0-9]\.[0-9]{2}")
_NAME = re.compile(r"(?:[^\W\d_]['\u2019.\-]?){1,40}(?:[ ,]{1,2}(?:[^\W\d_]['\u2019.\-]?){1,40}){0,6}\s?")
_CONSTANTS = frozenset(
    {"true", "false", "null", "none", "undefined", "yes", "no", "on", "off", "n/a", "nil", "unknown"}
)
_LONGEST_CONSTANT = 9
_MOMENT = re.compile(
    r"[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:[T ][0-9:.,]{4,18}(?: ?(?:Z|UTC|[+-][0-9:]{4,6}))?)?"
)


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))


def _never(_: str) -> bool:
    return False


def _is_phone(text: str) -> bool:
    return _digits(text) >= 5 and _PHONE.fullmatch(text) is not None  # the shortest local numbers


def _is_name(text: str) -> bool:
    """Tell whether a value looks like somebody's name: words of letters that do not begin in lower case."""
    if text.islower() and text.isascii():
        return " " in text and _NAME.fullmatch(text) is not None
    return _NAME.fullmatch(text) is not None


TEXT_GUARDS: Mapping[str, Callable[[str], bool]] = {
    entities.SECRET: lambda text: not text.isspace(),
    entities.EMAIL: lambda text: "@" in text,
    entities.PHONE: _is_phone,
    entities.PERSON: lambda text: _LETTER.search(text) is not None,
    entities.BARE_NAME: _is_name,
    entities.USERNAME: lambda text: _ALNUM.search(text) is not None,
    entities.STREET: lambda text: _ALNUM.search(text) is not None,
    entities.CITY: lambda text: _LETTER.search(text) is not None,
    entities.POSTAL_CODE: lambda text: _DIGIT.search(text) is not None,
    entities.CARD: lambda text: _digits(text) >= 4 and _CARD.fullmatch(text) is not None,  # last four
    entities.CVV: lambda text: _CVV.fullmatch(text) is not None,
    entities.IBAN: lambda text: _digits(text) >= 4,
    entities.ACCOUNT: lambda text: _digits(text) >= 4,
    entities.SSN: lambda text: _digits(text) >= 4,
    entities.ID: lambda text: len(text) >= 4 and _DIGIT.search(text) is not None,
    entities.BIRTH: lambda text: _DIGIT.search(text) is not None,
    entities.IP: _never,
    entities.DEVICE: lambda text: len(text) >= 6 and _DIGIT.search(text) is not None,
    entities.GEO: lambda text: _DECIMAL.search(text) is not None,
    entities.TEXT: lambda text: _ALNUM.search(text) is not None,
}
"""By entity. An IP address is found by its form or not at all."""

_DATED = frozenset({entities.BIRTH, entities.TEXT, entities.SECRET})


def text_fits(kind: str, text: str) -> bool:
    """Tell whether a text can be what its field's name says; a moment or a constant seldom is."""
    if (
        len(text) <= _LONGEST_CONSTANT
        and (text.islower() or kind == entities.SECRET)
        and text.lower() in _CONSTANTS
    ):
        return False
    if kind not in _DATED and text[4:5] == "-" and _MOMENT.fullmatch(text):
        return False
    return TEXT_GUARDS[kind](text)


FEWEST_DIGITS: Mapping[str, int] = {
    entities.SECRET: 3,
    entities.PHONE: 5,
    entities.USERNAME: 3,
    entities.STREET: 1,
    entities.POSTAL_CODE: 3,
    entities.CARD: 4,
    entities.CVV: 3,
    entities.ACCOUNT: 4,
    entities.SSN: 4,
    entities.ID: 4,
    entities.BIRTH: 4,
    entities.DEVICE: 6,
    entities.IP: 8,
    entities.GEO: 3,
}
"""Digits that a JSON number must have to be taken for that; an entity that is not here is no number."""


def number_fits(kind: str, words: frozenset[str], digits: int) -> bool:
    """Tell whether a JSON number can be what its field's name says."""
    if kind == entities.SECRET and "tokens" in words:
        return False  # a language model's bill
    least = FEWEST_DIGITS.get(kind)
    return least is not None and digits >= least
