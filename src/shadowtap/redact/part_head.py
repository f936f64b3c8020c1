"""The head of a part of a multipart body: which field it is, which file, in which format."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn
from urllib.parse import quote, unquote_to_bytes

from shadowtap.exceptions import UnsupportedBody
from shadowtap.redact import file_name
from shadowtap.redact.form import form_field
from shadowtap.redact.keys import Context
from shadowtap.redact.walk import Walk

_LINE = re.compile(r"([\w\-]{1,64})[ \t]*+:[ \t]*+([^\r\n]*+)")
_PARAMETER = re.compile(
    r"\s*+;\s*+([\w\-]++\*?)\s*+=\s*+(?:\"((?:[^\"\\]++|\\.)*+)\"|([^\s;\"]++))", re.DOTALL | re.ASCII
)
_QUOTED = re.compile(r"\\([\"\\])")
_EXTENDED = re.compile(r"(utf-8'[\w\-]{0,16}')(.*)", re.IGNORECASE | re.DOTALL)
_NEEDED = ("charset", "boundary")
_KEPT = ("content-disposition", "content-type", "content-transfer-encoding")


class PartHead(NamedTuple):
    """A head as it is to be sent, and what it says."""

    fresh: str
    name: str
    """The field's name as it was received."""
    is_file: bool
    content_type: str
    transfer_encoding: str


def read(raw: bytes, walk: Walk, context: Context) -> PartHead:
    """Return a head with its names redacted; raise ``UnsupportedBody`` if it is unclear."""
    try:
        lines = raw.decode().split("\r\n")
    except UnicodeDecodeError:
        _refuse()
    said: dict[str, str] = {}
    sent: list[str] = []
    disposition: _Disposition | None = None
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            _refuse()
        name, value = found[1].lower(), found[2]
        if name not in _KEPT:
            continue  # nobody knows what it may hold
        if name in said:
            _refuse()
        said[name] = value
        if name == "content-disposition":
            disposition = _disposition(value, walk, context)
            sent.append(f"{line[: found.start(2)]}{disposition.fresh}")
        else:
            said[name] = value = _without_names(value)
            if walk.strict(value) != value:
                _refuse()
            sent.append(f"{line[: found.start(2)]}{value}")
    if disposition is None:
        _refuse()
    transfer = said.get("content-transfer-encoding", "").strip().lower()
    content_type = said.get("content-type", "").strip()
    return PartHead("\r\n".join(sent), disposition.name, disposition.is_file, content_type, transfer)


def _without_names(value: str) -> str:
    """Leave out the parameters of a type that no format needs, such as the ``name`` that mail has there."""
    kind, semicolon, parameters = value.partition(";")
    kept = [part for part in parameters.split(";") if part.partition("=")[0].strip().lower() in _NEEDED]
    return ";".join([kind, *kept]) if semicolon else value


class _Disposition(NamedTuple):
    fresh: str
    name: str
    is_file: bool


def _disposition(value: str, walk: Walk, context: Context) -> _Disposition:
    """Redact ``form-data; name="..."; filename="..."``; leave other parameters out."""
    kind, semicolon, _ = value.partition(";")
    if kind.strip().lower() != "form-data" or not semicolon:
        _refuse()
    end = len(kind)
    out = [kind]
    told: dict[str, str] = {}
    for found in _PARAMETER.finditer(value, end):
        if found.start() != end:
            break
        end = found.end()
        key = found[1].lower()
        if key in told:
            _refuse()
        told[key] = _unquoted(found[2]) if found[2] is not None else found[3]
        fresh = _parameter(key, told[key], walk, context)
        if fresh is not None:
            out.append(found[0] if fresh == told[key] else f"; {found[1]}={_quoted(key, fresh)}")
    if value[end:].strip(" \t;") or "name" not in told:
        _refuse()
    return _Disposition("".join(out), told["name"], "filename" in told or "filename*" in told)


def _parameter(key: str, text: str, walk: Walk, context: Context) -> str | None:
    """Return what a parameter is to say; ``None`` when it is left out."""
    if key == "name":
        return walk.name(text, form_field(text, context))
    if key == "filename":
        return file_name.redact(text, walk)
    if key == "filename*":
        extended = _EXTENDED.fullmatch(text)
        if extended is None:
            _refuse()
        try:
            name = unquote_to_bytes(extended[2]).decode()
        except UnicodeDecodeError:
            _refuse()
        fresh = file_name.redact(name, walk)
        return text if fresh == name else extended[1] + quote(fresh, safe="")
    if key == "name*":
        _refuse()
    return None


def _unquoted(raw: str) -> str:
    return _QUOTED.sub(r"\1", raw) if "\\" in raw else raw


def _quoted(key: str, text: str) -> str:
    if key == "filename*":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _refuse() -> NoReturn:
    raise UnsupportedBody("body: head of a part is not understood")
