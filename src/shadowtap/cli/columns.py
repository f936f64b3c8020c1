"""The columns of a table, and what becomes of their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shadowtap.cli import csv_text
from shadowtap.cli.csv_text import Record
from shadowtap.cli.source import InputError
from shadowtap.exceptions import NotRedacted

Redact = Callable[[str], str]
BOM = "\ufeff"


class Column:
    """One kind of values: redacts them, and counts those that stay though they were said to be something."""

    def __init__(self, name: str, entity: str, redact: Redact) -> None:
        self.name = name
        self.entity = entity
        """What the values were said to be; empty when their name alone tells."""
        self._redact = redact
        self.seen = self.stayed = 0

    def __call__(self, text: str) -> str:
        """Return what stands for a value; nothing for nothing."""
        if not text:
            return text
        fresh = self._redact(text)
        self.count(stayed=fresh == text)
        return fresh

    def count(self, *, stayed: bool) -> None:
        """Count a value."""
        self.seen += 1
        self.stayed += stayed

    def remark(self) -> str:
        """Return what a user should know of the values; empty when there is nothing to say."""
        if not self.entity or not (self.stayed or (self.name and not self.seen)):
            return ""
        what = f"{self.name}: " if self.name else ""
        if not self.seen:
            return f"{what}no values"
        return f"{what}{self.stayed:,} of {self.seen:,} values stayed as they were: no {self.entity}"


def read_names(given: Iterable[str], legal: frozenset[str]) -> dict[str, str]:
    """Return column -> entity from texts such as ``email=EMAIL_ADDRESS``; raise ``InputError``."""
    names: dict[str, str] = {}
    for text in given:
        name, equals, entity = text.rpartition("=")
        if not equals or not name:
            raise InputError("--column is not of the form NAME=ENTITY")
        names[name] = known(entity, legal)
    return names


def known(entity: str, legal: frozenset[str]) -> str:
    """Return an entity; raise ``InputError`` with the legal ones when it is none."""
    if entity not in legal:
        raise InputError(f"{entity} is no entity; there are {', '.join(sorted(legal))}")
    return entity


def csv(
    lines: Iterator[str],
    delimiter: str | None,
    columns: Mapping[str, Column],
    other: Callable[[str], Column | None],
) -> Iterator[str]:
    """Yield a CSV text with the values of its columns redacted; everything else stays to the byte."""
    first = next(lines, "")
    if not first:
        return
    delimiter = delimiter or csv_text.delimiter_of(first)
    mark = BOM if first.startswith(BOM) else ""
    records = csv_text.records(_again(first.removeprefix(BOM), lines), delimiter)
    header = next(records)
    names = [csv_text.value_of(field) for field in header.fields]
    missing = [name for name in columns if name not in names]
    if missing:
        raise InputError(f"no column {', '.join(missing)}; there are {', '.join(names)}")
    plan = [columns.get(name) or other(name) for name in names]
    yield mark + delimiter.join(header.fields) + header.ending
    for record in records:
        yield delimiter.join(_row(record, plan, delimiter)) + record.ending


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _row(record: Record, plan: Sequence[Column | None], delimiter: str) -> Iterator[str]:
    fields = record.fields
    if len(fields) != len(plan):
        if fields == [""]:
            return iter(fields)
        raise InputError(f"line {record.line}: {len(fields)} fields, and the header has {len(plan)}")
    try:
        return iter([_cell(field, column, delimiter) for field, column in zip(fields, plan, strict=True)])
    except NotRedacted as error:
        raise type(error)(f"line {record.line}: {error}") from None


def _cell(field: str, column: Column | None, delimiter: str) -> str:
    if column is None:
        return field
    value = csv_text.value_of(field)
    fresh = column(value)
    return field if fresh == value else csv_text.field_of(fresh, field, delimiter)


def each_line(lines: Iterable[str], redact: Redact) -> Iterator[str]:
    """Yield lines that are redacted one by one, with their endings; blank ones stay."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        try:
            yield (redact(text) if text.strip() else text) + line[len(text) :]
        except NotRedacted as error:
            raise type(error)(f"line {number}: {error}") from None
