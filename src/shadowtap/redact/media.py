"""Which format a body is in, as far as its headers say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from shadowtap.exceptions import UnsupportedBody
from shadowtap.exchange import Headers
from shadowtap.redact.charsets import codec_of

Format = Literal["json", "lines", "form", "xml", "graphql", "text", "multipart", "untold"]

_TYPE = re.compile(r"\s*([\w!#$&^.+\-]+/[\w!#$&^.+\-]+)\s*(?:;(.*))?", re.DOTALL)
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*\"?([\w.:\-]+)\"?\s*(?=;|$)", re.IGNORECASE)
_BOUNDARY_CHAR = r"[\w'()+\-./:=?]"
_BOUNDARY = re.compile(
    rf"(?:^|;)\s*boundary\s*=\s*"
    rf"(?:\"((?:{_BOUNDARY_CHAR}|[ ,]){{0,69}}{_BOUNDARY_CHAR})\"|({_BOUNDARY_CHAR}{{1,70}}))\s*(?=;|$)",
    re.IGNORECASE | re.ASCII,
)
_BOUNDARY_NAME = re.compile(r"boundary[\s*0-9]*=", re.IGNORECASE)

_JSON: tuple[str, ...] = (
    "application/json",
    "application/x-json",
    "application/csp-report",
    "text/json",
    "text/x-json",
)
_LINES: tuple[str, ...] = (
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-seq",
    "application/stream+json",
    "text/x-ndjson",
)
_FORMATS: Mapping[str, Format] = {
    **dict.fromkeys(_JSON, "json"),
    **dict.fromkeys(_LINES, "lines"),
    "application/x-www-form-urlencoded": "form",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/graphql": "graphql",
    "text/plain": "text",
    "multipart/form-data": "multipart",
}


class Media(NamedTuple):
    """The format of a body."""

    format: Format
    charset: str = ""
    """Python's name of the character set; empty when the type does not tell one."""
    boundary: str = ""
    """What stands between the parts of a multipart body."""


def media_of(headers: Headers) -> Media:
    """Return the format of the body that goes with these headers, or raise ``UnsupportedBody``."""
    types = values(headers, b"content-type")
    if len(types) > 1:
        raise UnsupportedBody("body: more than one content type")
    return media_of_type(types[0]) if types else Media("untold")


def media_of_type(content_type: str) -> Media:
    """Return the format that a content type names, or raise ``UnsupportedBody``."""
    found = _TYPE.fullmatch(content_type)
    if found is None:
        raise UnsupportedBody("body: content type is malformed")
    kind, parameters = found[1].lower(), found[2] or ""
    found_format = _format(kind)
    if found_format == "multipart":
        return Media(found_format, boundary=_boundary(parameters))
    return Media(found_format, _charset(parameters))


def values(headers: Headers, name: bytes) -> list[str]:
    """Return the values of a header."""
    return [value.decode("latin-1") for field, value in headers if field.lower() == name]


def _format(kind: str) -> Format:
    found = _FORMATS.get(kind)
    if found is not None:
        return found
    if kind.endswith("+json"):
        return "json"
    if kind.endswith("+xml"):
        return "xml"
    raise UnsupportedBody("body: format is not understood")


def _charset(parameters: str) -> str:
    found = _CHARSET.findall(parameters)
    if len(found) > 1 or (not found and "charset" in parameters.lower()):
        raise UnsupportedBody("body: character set is malformed")
    return codec_of(found[0]) if found else ""


def _boundary(parameters: str) -> str:
    """Return the one boundary; readers would differ on a second one or one in pieces."""
    found = _BOUNDARY.search(parameters)
    if found is None or len(_BOUNDARY_NAME.findall(parameters)) != 1:
        raise UnsupportedBody("body: multipart without a plain boundary")
    return found[1] or found[2]
