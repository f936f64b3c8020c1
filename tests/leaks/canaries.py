"""Personal data that no one else has, and every way in which it could still be there."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

EMAIL = "canary.vogel@leak-detector.example.org"
CARD = "4539578763621486"
SPACED_CARD = "4539 5787 6362 1486"
IBAN = "DE89370400440532013000"
PHONE = "+4915112345678"
SSN = "536-90-4399"
NAME = "Zacharias Kanarienvogel"
STREET = "Kanariengasse 17b"
PASSWORD = "k4n4r13-P4ssw0rd"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
SECRET = "sk_live_c4n4ryC4n4ryC4n4ryC4"
ADDRESS = "198.51.100.77"
SENTENCE = "Bitte ruft Zacharias Kanarienvogel an, er wohnt Kanariengasse siebzehn"

ALL = [EMAIL, CARD, IBAN, PHONE, SSN, NAME, STREET, PASSWORD, TOKEN, SECRET, ADDRESS, SENTENCE]
PARTS = ["canary.vogel", "Zacharias", "Kanarienvogel", "Kanariengasse", *ALL, SPACED_CARD]


def spellings(value: str) -> set[bytes]:
    """Return a value as it could be written in what leaves."""
    raw = value.encode()
    forms = {
        value,
        value.lower(),
        value.replace(" ", ""),
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        raw.hex(),
    }
    encoded = {form.encode() for form in forms}
    # Base64 of the value within other text: without the edges, for each of the three alignments.
    for shift in range(3):
        inner = base64.b64encode(b"\0" * shift + raw)
        encoded.add(inner[4:-4])
    return {form for form in encoded if len(form) >= 8}


def found_in(data: bytes) -> list[str]:
    """Return the canaries that are in some bytes, in any spelling."""
    return [value for value in PARTS if any(form in data for form in spellings(value))]
