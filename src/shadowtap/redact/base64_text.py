"""Base64 of readable text, in either alphabet, with padding or without."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BadBase64

_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def readable(text: str) -> str | None:
    """Return the text of which this is Base64; ``None`` if it is not that of any text."""
    data = text.rstrip("=").encode().translate(_STANDARD)
    if len(data) % 4 == 1:
        return None
    try:
        inner = b64decode(data + b"=" * (-len(data) % 4), validate=True).decode()
    except (BadBase64, UnicodeDecodeError):
        return None
    return inner if all(char.isprintable() or char in "\r\n\t" for char in inner) else None


def like(text: str, fresh: str) -> str:
    """Return Base64 of ``fresh`` in the alphabet and with the padding of the one that was there."""
    out = b64encode(fresh.encode())
    if "-" in text or "_" in text:
        out = out.translate(_URL_SAFE)
    padded = text.endswith("=") or len(text) % 4 == 0
    return (out if padded else out.rstrip(b"=")).decode()


def url_safe(fresh: str) -> str:
    """Return Base64 of a text as JSON Web Tokens have it."""
    return b64encode(fresh.encode()).translate(_URL_SAFE).rstrip(b"=").decode()
