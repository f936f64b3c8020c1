"""Names of what can be found in a value: Presidio's own where it has one."""

from __future__ import annotations

from typing import NamedTuple

EMAIL = "EMAIL_ADDRESS"
PHONE = "PHONE_NUMBER"
CARD = "CREDIT_CARD"
IBAN = "IBAN_CODE"
IP = "IP_ADDRESS"
MAC = "MAC_ADDRESS"
SSN = "US_SSN"
CN_ID = "CN_RESIDENT_ID"
JWT = "JWT"
SECRET = "SECRET"  # noqa: S105 - the name of a kind
PERSON = "PERSON"
USERNAME = "USERNAME"
STREET = "STREET_ADDRESS"
CITY = "CITY"
POSTAL_CODE = "POSTAL_CODE"
CVV = "CVV"
ACCOUNT = "BANK_ACCOUNT"
ID = "PERSONAL_ID"
BIRTH = "DATE_OF_BIRTH"
DEVICE = "DEVICE_ID"
GEO = "GEO"
TEXT = "FREE_TEXT"
PLACE = "LOCATION"
ORGANISATION = "ORGANIZATION"
GROUP = "NRP"
"""A nationality, a religion or a political group."""
BARE_NAME = "BARE_NAME"
"""The value of a ``name`` of which nobody knows whether a person bears it."""


class Finding(NamedTuple):
    """A stretch of a text that is personal data."""

    start: int
    end: int
    entity: str


def disjoint(findings: list[Finding]) -> list[Finding]:
    """Return the findings in order; two that overlap become one, of the longer's entity."""
    if len(findings) < 2:
        return findings
    merged: list[Finding] = []
    for finding in sorted(findings):
        last = merged[-1] if merged else None
        if last is None or finding.start >= last.end:
            merged.append(finding)
            continue
        longer = last if last.end - last.start >= finding.end - finding.start else finding
        merged[-1] = Finding(last.start, max(last.end, finding.end), longer.entity)
    return merged
