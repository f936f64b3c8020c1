"""Which format a body is in, as far as its headers say."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from shadowtap.exceptions import UnsupportedBody
from shadowtap.exchange import Headers

Format = Literal["json", "form", "text"]

_TYPE = re.compile(r"\s*([\w!#$&^.+\-]+/[\w!#$&^.+\-]+)\s*(?:;(.*))?", re.DOTALL)
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*\"?([\w.:\-]+)\"?\s*(?=;|$)", re.IGNORECASE)
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_TEXT_CHARSETS = {"iso-8859-1": "latin-1", "latin-1": "latin-1", "latin1": "latin-1"}


class Media(NamedTuple):
    """The format and character set of a body."""

    format: Format
    charset: str


def media_of(headers: Headers) -> Media:
    """Return the format of the body that goes with these headers, or raise ``UnsupportedBody``."""
    for encoding in _values(headers, b"content-encoding"):
        if encoding.strip().lower() not in ("", "identity"):
            raise UnsupportedBody("body: compressed")
    types = _values(headers, b"content-type")
    if len(types) != 1:
        raise UnsupportedBody("body: no content type" if not types else "body: more than one content type")
    found = _TYPE.fullmatch(types[0])
    if found is None:
        raise UnsupportedBody("body: content type is malformed")
    kind, parameters = found[1].lower(), found[2] or ""
    charset = _charset(parameters)
    if kind == "application/json" or kind.endswith("+json"):
        return _utf_8("json", charset)
    if kind == "application/x-www-form-urlencoded":
        return _utf_8("form", charset)
    if kind == "text/plain":
        return Media("text", "utf-8" if charset in _UTF_8 else _text_charset(charset))
    raise UnsupportedBody("body: format is not understood")


def _values(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for field, value in headers if field.lower() == name]


def _charset(parameters: str) -> str:
    found = _CHARSET.findall(parameters)
    if len(found) > 1 or (not found and "charset" in parameters.lower()):
        raise UnsupportedBody("body: character set is malformed")
    charset: str = found[0].lower() if found else "utf-8"
    return charset


def _utf_8(format: Format, charset: str) -> Media:
    if charset not in _UTF_8:
        raise UnsupportedBody("body: character set is not UTF-8")
    return Media(format, "utf-8")


def _text_charset(charset: str) -> str:
    try:
        return _TEXT_CHARSETS[charset]
    except KeyError:
        raise UnsupportedBody("body: character set is not understood") from None
