"""CSV, record by record: fields as they are written, so that what does not change stays to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shadowtap.cli.source import InputError

MAX_RECORD = 16 * 1024 * 1024
"""Characters of one record."""

_INSIDE = re.compile(r'[^"]*+(?:""[^"]*+)*+"')
_QUOTED = re.compile(r'"[^"]*+"')
_DELIMITERS = ",;\t|"


class Record(NamedTuple):
    """One record."""

    line: int
    """Of the text, where it ends; from 1."""
    fields: list[str]
    """With their quotes."""
    ending: str
    """Of the line; empty at the end of a text without one."""


def delimiter_of(header: str) -> str:
    """Return the delimiter of a header line: the one that occurs most outside of quotes."""
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records in lines with their endings; raise ``InputError`` for what is no CSV (RFC 4180)."""
    bare = re.compile(rf"[^\r\n{re.escape(delimiter)}]*+")
    fields: list[str] = []
    opened: list[str] = []
    number = size = 0
    for number, line in enumerate(lines, 1):
        size += len(line)
        if size > MAX_RECORD:
            raise InputError(
                f"line {number}: a record of more than {MAX_RECORD} characters; is a quote missing?"
            )
        at = 0
        while True:
            if opened or line.startswith('"', at):
                inside = _INSIDE.match(line, at if opened else at + 1)
                opened.append(line[at : inside.end() if inside else len(line)])
                if inside is None:
                    break
                fields.append("".join(opened))
                opened.clear()
                at = inside.end()
            else:
                found = bare.match(line, at)
                end = found.end() if found else at
                fields.append(line[at:end])
                at = end
            if not line.startswith(delimiter, at):
                break
            at += len(delimiter)
        if opened:
            continue
        if line[at:].strip("\r\n"):
            raise InputError(f"line {number}: a field goes on after its closing quote")
        yield Record(number, fields, line[at:])
        fields, size = [], 0
    if opened:
        raise InputError(f"line {number}: the text ends within quotes")


def value_of(field: str) -> str:
    """Return what a field says."""
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def field_of(value: str, field: str, delimiter: str) -> str:
    """Return a value as a field: quoted where the field was that it stands for, or where it must be."""
    if field.startswith('"') or any(char in value for char in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value
