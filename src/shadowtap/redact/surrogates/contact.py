"""Surrogates for e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import digits, only_digits, onto
from shadowtap.redact.surrogates.words import FIRST

_EXTENSION = re.compile(r"(?:#|ext\.?|x)\s{0,2}[0-9]{1,6}\s{0,2}$", re.IGNORECASE)
_SUBSCRIBER = 7
"""Trailing digits that are permuted: with or without country code, the same number gets the same ones."""
_MAX_NUMBER = 17
_WALK = 40


def email(keyed: Keyed, text: str) -> str:
    """Return an address at a sub-domain of example.com (RFC 2606): deliverable nowhere, valid everywhere.

    Case, width and normal form do not matter. The same domain gives the same
    domain and a plus tag stays a plus tag.
    """
    canonical = unicodedata.normalize("NFKC", text).lower()
    local, _, domain = canonical.rpartition("@")
    name, plus, tag = local.partition("+")
    mark = keyed.digest(b"email", f"{name}@{domain}".encode("utf-8", "surrogatepass"))
    place = keyed.digest(b"email-domain", domain.encode("utf-8", "surrogatepass"))
    address = f"{FIRST[mark[0] % len(FIRST)]}.{_letters(mark[1:6])}"
    if plus:
        address += "+" + _letters(keyed.digest(b"email-tag", tag.encode("utf-8", "surrogatepass"))[:5])
    address += f"@d{place[:3].hex()}.example.com"
    return address.upper() if text.isupper() else address


def _letters(source: bytes) -> str:
    return b32encode(source).decode().lower()


def phone(keyed: Keyed, text: str) -> str:
    """Permute the subscriber's digits; country, area and the way of writing stay."""
    extension = _EXTENSION.search(text)
    if extension is not None and extension.start():
        head, tail = text[: extension.start()], text[extension.start() :]
        return phone(keyed, head) + onto(tail, digits(keyed, b"phone-extension", only_digits(tail)))
    run = only_digits(text)
    if len(run) > _MAX_NUMBER:
        return onto(text, digits(keyed, b"phone-many", run))
    known = text.lstrip().startswith("+") and _valid(run)
    candidate = run
    for _ in range(_WALK):
        candidate = _next_number(keyed, candidate)
        if candidate != run and (not known or _valid(candidate)):
            break
    return onto(text, candidate)


def _next_number(keyed: Keyed, run: str) -> str:
    kept = max(len(run) - _SUBSCRIBER, 1) if len(run) > 1 else 0
    head, tail = run[:kept], run[kept:]
    if tail[0] < "2":
        # In a ten-digit number of North America no exchange begins with 0 or 1.
        return (
            head + tail[0] + digits(keyed, b"phone", tail[1:])
            if len(tail) > 1
            else head + digits(keyed, b"phone", tail)
        )
    size = 10 ** (len(tail) - 1)
    number = keyed.permute(b"phone-subscriber", int(tail) - 2 * size, 8, size)
    return head + str(number + 2 * size)


def _valid(run: str) -> bool:
    """Tell whether an international number exists in its country's plan."""
    import phonenumbers  # 44 ms, which the import of this package must not cost

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + run))
    except phonenumbers.NumberParseException:
        return False
