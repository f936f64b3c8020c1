"""``shadowtap pseudonymize``: fill a shadow's database with what its requests will ask for."""

from __future__ import annotations

import argparse
import codecs
import sys
from collections.abc import Iterator
from typing import Any

from shadowtap.cli import columns, streams
from shadowtap.cli.columns import Column, Redact
from shadowtap.cli.progress import watched
from shadowtap.cli.redact import NOT_SENT
from shadowtap.cli.redactor import redactor_of
from shadowtap.cli.source import InputError
from shadowtap.exceptions import NotRedacted
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from shadowtap.settings import load


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "pseudonymize",
        help="put the same surrogates into a table as into copies",
        description="Replace values in CSV, JSON lines or a list by the surrogates that copies of requests "
        "carry for them, so that a shadow's database knows the people its requests speak of. Everything else "
        "stays to the byte. Needs the redact_key of the mirror. Exit status: 0 when all was written, 3 when "
        "a value could not be redacted, 2 when the input or a setting is wrong.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="what to read (default: standard input)")
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--csv", action="store_true", help="CSV whose first line names the columns")
    form.add_argument("--jsonl", action="store_true", help="a JSON value in each line, redacted as a body is")
    form.add_argument("--as", dest="entity", metavar="ENTITY", help="one value in each line, all of one kind")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=ENTITY",
        help="redact this column of a CSV, or only this place of JSON, as in user.email; repeatable. "
        "A wrong ENTITY lists those that there are",
    )
    parser.add_argument(
        "--auto",
        action="store_true",
        help="treat the other columns of a CSV by their names, as fields of a body",
    )
    parser.add_argument("--delimiter", help="of a CSV; without it the first line tells")
    parser.add_argument("--encoding", default="utf-8", help="of the text, in and out (default: utf-8)")
    parser.add_argument("--output", metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("--config", help="settings file, as SHADOWTAP_CONFIG")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the input with surrogates in it."""
    settings = load(**({"config": arguments.config} if arguments.config else {}))
    if settings.redact_key is None:
        raise InputError("random surrogates match nothing: set SHADOWTAP_REDACT_KEY to the key of the mirror")
    _check(arguments)
    redactor = redactor_of(settings)
    said = _columns(redactor, arguments)
    try:
        with (
            streams.opened(arguments.file, arguments.encoding) as lines,
            streams.written(arguments.output, arguments.encoding) as out,
        ):
            for text in watched(_redacted(redactor, arguments, lines, said), "rows"):
                out.write(text)
    except NotRedacted as refusal:
        print(f"shadowtap: {refusal}; nothing was written from there on", file=sys.stderr)
        return NOT_SENT
    for column in said:
        if column.remark():
            print(f"shadowtap: {column.remark()}", file=sys.stderr)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that would have no effect together."""
    if arguments.csv:
        if not arguments.column and not arguments.auto:
            raise InputError("--csv needs --column NAME=ENTITY or --auto")
        if arguments.delimiter is not None and (
            len(arguments.delimiter) != 1 or arguments.delimiter in '"\r\n'
        ):
            raise InputError("--delimiter is one character, and no quote")
    elif arguments.auto or arguments.delimiter is not None:
        raise InputError("--auto and --delimiter go with --csv")
    elif arguments.column and not arguments.jsonl:
        raise InputError("--column goes with --csv and --jsonl")
    try:
        codecs.lookup(arguments.encoding)
    except LookupError:
        raise InputError("--encoding is not known") from None


def _columns(redactor: Redactor, arguments: argparse.Namespace) -> list[Column]:
    """Return the columns of which the user says what they are; that of a list has no name."""
    values = redactor.values
    if arguments.entity:
        names = {"": columns.known(arguments.entity, values.entities)}
    else:
        names = columns.read_names(arguments.column, values.entities)
    return [Column(name, entity, values.of(entity)) for name, entity in names.items()]


def _redacted(
    redactor: Redactor, arguments: argparse.Namespace, lines: Iterator[str], said: list[Column]
) -> Iterator[str]:
    if arguments.entity:
        return columns.each_line(lines, said[0])
    if arguments.jsonl:
        return columns.each_line(lines, _json(redactor, said))

    def other(name: str) -> Column | None:
        return Column(name, "", redactor.values.named(name)) if arguments.auto else None

    return columns.csv(lines, arguments.delimiter, {column.name: column for column in said}, other)


def _json(redactor: Redactor, said: list[Column]) -> Redact:
    """Return what redacts a line of JSON: the columns that were named, or all as the body of a request."""
    if said:
        by_place = {column.name: column for column in said}

        def told(place: str, stayed: bool) -> None:
            by_place[place].count(stayed=stayed)

        return redactor.values.at({column.name: column.entity for column in said}, told)
    head = ((b"Content-Type", b"application/json"),)

    def redact(text: str) -> str:
        request = CapturedRequest("POST", "https", b"/", b"", head, (text.encode(),), "", "")
        return redactor.redact(request).body.decode()

    return redact
