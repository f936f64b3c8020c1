"""Containers inside strings: JSON, forms, GraphQL documents, tokens, Base64 of readable text, URLs."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from shadowtap.redact import entities, form, graphql, json_body, jwt, path
from shadowtap.redact.base64_text import like, readable
from shadowtap.redact.graphql_document import NotGraphQL
from shadowtap.redact.keys import TEXT_FIELD, Field
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.surrogates.scramble import shift
from shadowtap.redact.walk import TOKEN_START, Walk

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{16,}|[A-Za-z0-9_\-]{16,})={0,2}").fullmatch
_BASE64_MIN = 16
_LONG_WORD = 256
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}").search
_URL = re.compile(r"([a-z][a-z0-9+.\-]{1,20}://)([^\s/?#]*)([^\s?#]*)(\?[^\s#]*)?(#\S*)?", re.IGNORECASE)
_LOCAL_URL = re.compile(r"()()(/[^\s?#]*)(\?[^\s#]*)?(#\S*)?")

Reader = Callable[[str, Field, Walk], "str | None"]


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

    def _reader(self, text: str, field: Field) -> Reader | None:
        """Return what redacts a container that the text may be."""
        first = text[0]
        if first in "dD" and text[:5].lower() == "data:":
            return self._data
        if first == "e" and text.startswith(TOKEN_START) and text.count(".") == 2:
            return self._token
        if "{" in text and not graphql.WORDS.isdisjoint(field.words) and graphql.begins_like_one(text):
            return _graphql
        if not field.kind or field.kind == entities.TEXT:
            reader = self._structured(text, field)
            if reader is not None:
                return reader
        if "%" in text and _ESCAPE(text):
            return _percent
        if not field.kind and len(text) >= _BASE64_MIN and _BASE64(text):
            return self._base64
        return None

    def _structured(self, text: str, field: Field) -> Reader | None:
        """Return what redacts a structure that stands in place of a text."""
        first = text[0]
        if first in "{[" and text[-1] in "}]":
            return _json
        if not field.kind and ("://" in text or (first == "/" and ("?" in text or "%" in text))):
            return self._url
        if "=" in text and form.is_form(text) and _names_something(text):
            return _form
        return None

    def _data(self, text: str, _: Field, walk: Walk) -> str:
        """Keep the type of a data URL; what is not plain text becomes noise."""
        if walk.keeping:
            return text
        head, comma, content = text.partition(",")
        inner = None if head.lower().endswith(";base64") else _unquoted(content)
        if inner is None:
            fresh = self._opaque(content)
        else:
            fresh = form.encoded(inner, walk.text(inner, TEXT_FIELD), content, plus=False)
        return f"{walk.strict(head)}{comma}{fresh}"

    def _token(self, text: str, _: Field, walk: Walk) -> str | None:
        return jwt.redact(text, walk, self._surrogates.keyed)

    def _opaque(self, text: str) -> str:
        return shift(self._surrogates.keyed, b"opaque", text, text)

    def _base64(self, text: str, field: Field, walk: Walk) -> str | None:
        """Redact Base64 of readable text; of other Base64 a short one is a word, and a long one a file."""
        inner = readable(text)
        if inner is None:
            return self._opaque(text) if len(text) > _LONG_WORD and not walk.keeping else None
        fresh = walk.text(inner, field)
        return text if fresh == inner else like(text, fresh)

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


def _graphql(text: str, field: Field, walk: Walk) -> str | None:
    """Redact a document, or JSON in its place."""
    try:
        return graphql.redact(text, walk)
    except NotGraphQL:
        return _json(text, field, walk)


def _form(text: str, _: Field, walk: Walk) -> str:
    return form.redact(text, walk)


def _names_something(text: str) -> bool:
    """Tell whether a name of the form says what its value is."""
    names = [unquote_to_bytes(pair.partition("=")[0]).decode("utf-8", "replace") for pair in text.split("&")]
    return any(form.form_field(name, ()).kind for name in names)


def _percent(text: str, field: Field, walk: Walk) -> str | None:
    """Redact what is percent-encoded once more than its place asks for."""
    inner = _unquoted(text)
    if inner is None:
        return None
    fresh = walk.text(inner, field)
    return text if fresh == inner else form.encoded(inner, fresh, text, plus=False)


def _unquoted(text: str) -> str | None:
    """Return what a percent-encoded text says; ``None`` if that is not UTF-8."""
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
