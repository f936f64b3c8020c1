"""Our recognisers on one text: only those that can match it.

What a recogniser cannot do without is looked for first, since that takes a
hundredth of the time of an expression. The findings are those of running them
all; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from shadowtap.redact import entities
from shadowtap.redact.entities import Finding
from shadowtap.redact.internet import ipv4s, ipv6s, macs
from shadowtap.redact.national import national_ids
from shadowtap.redact.recognisers import cards, cn_ids, emails, ibans, jwts, phones, secrets, ssns

_DIGITS = re.compile(r"[0-9]+")


def digits_in(text: str) -> int:
    """Return the number of ASCII digits of a text."""
    runs = _DIGITS.findall(text)
    return len("".join(runs)) if runs else 0


def scan(text: str) -> tuple[list[Finding], int]:
    """Return what our recognisers find in a text, and the number of its digits."""
    found: list[Finding] = []
    digits = digits_in(text)
    if "@" in text:
        _add(found, entities.EMAIL, emails(text))
    if digits > 1:
        _numbers(found, text, digits)
    colon = ":" in text
    if colon:
        _add(found, entities.IP, ipv6s(text))
    if len(text) >= 14 and (colon or text.count("-") > 4 or text.count(".") > 1):
        _add(found, entities.MAC, macs(text))
    if "eyJ" in text:
        _add(found, entities.JWT, jwts(text))
    if len(text) > 8:
        _add(found, entities.SECRET, secrets(text))
    return found, digits


def _numbers(found: list[Finding], text: str, digits: int) -> None:
    length = len(text)
    if digits >= 12:
        _add(found, entities.CARD, cards(text))
        if digits >= 17:
            _add(found, entities.CN_ID, cn_ids(text))
    if digits >= 8:
        _add(found, entities.PHONE, phones(text))
        if digits >= 9 and length >= 11:
            _add(found, entities.SSN, ssns(text))
    if length >= 9 and digits >= 4:
        found += national_ids(text)
    if length >= 15:
        _add(found, entities.IBAN, ibans(text))
    if digits >= 4 and text.count(".") >= 3:
        _add(found, entities.IP, ipv4s(text))


def _add(found: list[Finding], entity: str, spans: Iterable[tuple[int, int]]) -> None:
    for start, end in spans:
        found.append(Finding(start, end, entity))
