"""What a content is, where nobody says it: only what is certain."""

from __future__ import annotations

import json
import re
from typing import Literal

from shadowtap.cli import har
from shadowtap.cli.raw_http import REQUEST_LINE
from shadowtap.cli.source import InputError

Form = Literal["body", "http", "har"]
"""A body alone, whole requests, or an archive of a browser's."""

_BY_ENDING = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "ndjson": "application/x-ndjson",
    "xml": "application/xml",
    "txt": "text/plain",
}
_PAIRS = re.compile(rb"[\w.\[\]%+\-]{1,200}=[^\s&=]*(?:&[\w.\[\]%+\-]{1,200}=[^\s&=]*)*\r?\n?")
_SPACE = b" \t\r\n"


def form_of(content: bytes, file: str | None) -> Form:
    """Return which of the forms a content has."""
    ending = _ending(file)
    if ending == "har" or (content.lstrip(_SPACE).startswith(b"{") and har.is_har(content)):
        return "har"
    return "http" if ending == "http" or REQUEST_LINE.match(content.lstrip(b"\r\n")) else "body"


def type_of(content: bytes, file: str | None) -> str:
    """Return the content type of a body; raise ``InputError`` when it is not certain."""
    by_ending = _BY_ENDING.get(_ending(file))
    if by_ending:
        return by_ending
    start = content.lstrip(_SPACE)
    if start[:1] in (b"{", b"["):
        if _is_json(content):
            return "application/json"
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) > 1 and all(map(_is_json, lines)):
            return "application/x-ndjson"
    elif start.startswith(b"<?xml"):
        return "application/xml"
    elif _PAIRS.fullmatch(content):
        return "application/x-www-form-urlencoded"
    raise InputError("the content does not tell what it is: give --content-type, as in application/json")


def _ending(file: str | None) -> str:
    return file.rpartition(".")[2].lower() if file and "." in file else ""


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return False
    return True
