"""Surrogates for JSON numbers: text in, text out, never through a float."""

from __future__ import annotations

import re

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import digits

_PARTS = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?([eE].+)?", re.DOTALL)


def number(keyed: Keyed, domain: bytes, text: str) -> str:
    """Permute the digits of a JSON number: sign, scale, digit count and exponent stay."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError("not a number")
    sign, whole, fraction, exponent = match.groups("")
    if whole.strip("0"):
        whole = digits(keyed, domain, whole, keep_lead=whole[0] != "0")
    if fraction.strip(".0"):
        fraction = "." + digits(keyed, domain, fraction[1:])
    return sign + whole + fraction + exponent


_DECIMAL = re.compile(r"-?[0-9]{1,3}\.[0-9]{2,20}")


def coordinates(keyed: Keyed, text: str) -> str:
    """Move every coordinate in a text: a pair, a point, a single number."""
    return _DECIMAL.sub(lambda match: coordinate(keyed, b"geo", match.group()), text)


def coordinate(keyed: Keyed, domain: bytes, text: str) -> str:
    """Permute the decimals of a coordinate after the first one (about ten kilometres)."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError("not a coordinate")
    sign, whole, fraction, exponent = match.groups("")
    if len(fraction) > 2:  # the point and the first decimal
        fraction = fraction[:2] + digits(keyed, domain + fraction[:2].encode(), fraction[2:])
    return sign + whole + fraction + exponent
