"""Containers inside strings: JSON, Base64 of readable text, URLs."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from shadowtap.redact import entities, form, json_body, path
from shadowtap.redact.keys import Field
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.surrogates.scramble import shift
from shadowtap.redact.walk import Walk

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{16,}|[A-Za-z0-9_\-]{16,})={0,2}").fullmatch
_BASE64_MIN = 16
_LONG_WORD = 256
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}").search
_URL = re.compile(r"([a-z][a-z0-9+.\-]{1,20}://)([^\s/?#]*)([^\s?#]*)(\?[^\s#]*)?(#\S*)?", re.IGNORECASE)
_LOCAL_URL = re.compile(r"()()(/[^\s?#]*)(\?[^\s#]*)?(#\S*)?")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Nested:
    """Tells what a string contains and redacts that."""

    def __init__(self, surrogates: Surrogates) -> None:
        self._surrogates = surrogates

    def __call__(self, text: str, field: Field, walk: Walk) -> str | None:
        """Return the string with its container redacted; ``None`` when it is none."""
        redact = self._reader(text, field)
        if redact is None:
            return None
        walk.descend()
        fresh = redact(text, field, walk)
        walk.ascend()
        return fresh

    def _reader(self, text: str, field: Field) -> Callable[[str, Field, Walk], str | None] | None:
        """Return what redacts a container that the text may be."""
        first = text[0]
        if first in "dD" and text[:5].lower() == "data:":
            return self._data
        if not field.kind or field.kind == entities.TEXT:
            if first in "{[" and text[-1] in "}]":
                return _json
            if not field.kind and ("://" in text or (first == "/" and ("?" in text or "%" in text))):
                return self._url
        if "%" in text and _ESCAPE(text):
            return _percent
        if not field.kind and len(text) >= _BASE64_MIN and _BASE64(text):
            return self._base64
        return None

    def _data(self, text: str, _: Field, walk: Walk) -> str:
        """Keep the type of a data URL; nobody has looked into its content."""
        if walk.keeping:
            return text
        head, comma, content = text.partition(",")
        return f"{walk.strict(head)}{comma}{self._opaque(content)}"

    def _opaque(self, text: str) -> str:
        return shift(self._surrogates.keyed, b"opaque", text, text)

    def _base64(self, text: str, field: Field, walk: Walk) -> str | None:
        """Redact Base64 of readable text; of other Base64 a short one is a word, and a long one a file."""
        inner = _readable(text)
        if inner is None:
            return self._opaque(text) if len(text) > _LONG_WORD and not walk.keeping else None
        fresh = walk.text(inner, field)
        return text if fresh == inner else _base64_like(text, fresh)

    def _url(self, text: str, _: Field, walk: Walk) -> str | None:
        """Keep scheme and host of a URL; user, path, query and fragment are values."""
        found = _URL.fullmatch(text) or _LOCAL_URL.fullmatch(text)
        if found is None:
            return None
        scheme, authority, way, query, fragment = found.groups("")
        user, at, host = authority.rpartition("@")
        if user:
            fresh = self._surrogates.text(entities.SECRET, user)
            walk.remember(user, fresh)
            user = fresh
        fresh_way = path.redact(way, walk)
        fresh_query = "?" + form.redact(query[1:], walk) if query else ""
        fresh_fragment = fragment[:1] + walk.text(fragment[1:]) if fragment else ""
        return f"{scheme}{user}{at}{host}{fresh_way}{fresh_query}{fresh_fragment}"


def _json(text: str, field: Field, walk: Walk) -> str | None:
    try:
        return json_body.redact(text, walk, field=field)
    except json_body.NotJson:
        return None


def _percent(text: str, field: Field, walk: Walk) -> str | None:
    """Redact what is percent-encoded once more than its place asks for."""
    try:
        inner = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
    fresh = walk.text(inner, field)
    return text if fresh == inner else form.encoded(inner, fresh, text, plus=False)


def _readable(text: str) -> str | None:
    """Return the text of which this is Base64; ``None`` if it is not that of any text."""
    data = text.rstrip("=").encode().translate(_STANDARD)
    if len(data) % 4 == 1:
        return None
    try:
        inner = b64decode(data + b"=" * (-len(data) % 4), validate=True).decode()
    except (BadBase64, UnicodeDecodeError):
        return None
    return inner if all(char.isprintable() or char in "\r\n\t" for char in inner) else None


def _base64_like(text: str, fresh: str) -> str:
    """Encode in the alphabet and with the padding of the text that was there."""
    out = b64encode(fresh.encode())
    if "-" in text or "_" in text:
        out = out.translate(_URL_SAFE)
    padded = text.endswith("=") or len(text) % 4 == 0
    return (out if padded else out.rstrip(b"=")).decode()
