"""``shadowtap redact``: what would be sent of a request, and why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from shadowtap.cli import har, raw_http
from shadowtap.cli.explain import Explanation
from shadowtap.cli.redactor import redactor_of
from shadowtap.cli.source import InputError, read
from shadowtap.cli.telling import form_of, type_of
from shadowtap.exceptions import NotRedacted
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import Redactor
from shadowtap.settings import load

NOT_SENT = 3
"""Exit status when a request would not be sent."""


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "redact",
        help="show what would be sent of a body, a request or a HAR file, and why",
        description="Redact a body, raw HTTP/1.1 requests or a HAR file as the courier would, and print the "
        "result. Exit status: 0 when it would be sent, 3 when it would not be (the reason is on standard "
        "error), 2 when the input or a setting is wrong.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="what to read (default: standard input)")
    parser.add_argument(
        "--format",
        choices=("body", "http", "har"),
        help="of the input; without it the content tells",
    )
    parser.add_argument("--content-type", metavar="TYPE", help="of a body, as in application/json")
    parser.add_argument("--method", default="POST", help="of the request around a body (default: POST)")
    parser.add_argument("--path", default="/", help="of that request, percent-encoded (default: /)")
    parser.add_argument("--query", default="", help="of that request, percent-encoded, without ?")
    parser.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="of that request; repeatable"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="print for each value what became of it and why, in the place of the result",
    )
    parser.add_argument("--config", help="settings file, as SHADOWTAP_CONFIG")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is left of the input."""
    settings = load(**({"config": arguments.config} if arguments.config else {}))
    content = read(arguments.file)
    form = arguments.format or ("body" if arguments.content_type else form_of(content, arguments.file))
    if form == "body":
        requests: Iterable[CapturedRequest] = [_around(content, arguments)]
    else:
        _check(arguments)
        requests = (
            list(raw_http.read(content)) if form == "http" else map(har.request_of, har.entries(content))
        )
    redactor = redactor_of(settings)
    if arguments.explain:
        return _explain(redactor, requests)
    if form == "har":
        return _archive(redactor, har.entries(content))
    refused = 0
    for number, request in enumerate(requests, 1):
        fresh = _redacted(redactor, request, f"request {number}: " if form == "http" else "")
        if fresh is None:
            refused += 1
        else:
            sys.stdout.buffer.write(raw_http.write(fresh) if form == "http" else fresh.body)
    sys.stdout.buffer.flush()
    return NOT_SENT if refused else 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that say what is around a body, where the input says it."""
    given = (arguments.content_type, arguments.header, arguments.query)
    if any(given) or arguments.method != "POST" or arguments.path != "/":
        raise InputError("--content-type, --method, --path, --query and --header go with a body alone")


def _around(content: bytes, arguments: argparse.Namespace) -> CapturedRequest:
    """Return the request around a body."""
    headers = tuple(map(_field, arguments.header))
    if arguments.content_type:
        headers = (*headers, (b"Content-Type", arguments.content_type.encode()))
    elif content and b"content-type" not in {name.lower() for name, _ in headers}:
        headers = (*headers, (b"Content-Type", type_of(content, arguments.file).encode()))
    path, query = arguments.path.encode(), arguments.query.encode()
    return CapturedRequest(arguments.method, "https", path, query, headers, (content,), "", "")


def _field(text: str) -> tuple[bytes, bytes]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise InputError("--header is not of the form 'Name: value'")
    return name.strip().encode(), value.strip().encode()


def _redacted(redactor: Redactor, request: CapturedRequest, name: str) -> RedactedRequest | None:
    """Return what would be sent; say why when nothing would be."""
    try:
        return redactor.redact(request)
    except NotRedacted as refusal:
        print(f"shadowtap: {name}not sent: {refusal}", file=sys.stderr)
        return None


def _explain(redactor: Redactor, requests: Iterable[CapturedRequest]) -> int:
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    refused = 0
    for number, request in enumerate(requests, 1):
        explanation = Explanation()
        refusal: NotRedacted | None = None
        try:
            redactor.redact(request, observer=explanation)
        except NotRedacted as error:
            refusal = error
        if number > 1:
            print()
        print(f"request {number}")
        for line in explanation.lines(colour=colour):
            print(line)
        if refusal is not None:
            refused += 1
            sys.stdout.flush()
            print(f"shadowtap: request {number}: not sent: {refusal}", file=sys.stderr)
    return NOT_SENT if refused else 0


def _archive(redactor: Redactor, entries: list[Mapping[str, Any]]) -> int:
    """Print the archive with its redacted entries; those that would not be sent are left out."""
    written = []
    for number, entry in enumerate(entries, 1):
        request = har.request_of(entry)
        fresh = _redacted(redactor, request, f"entry {number}: ")
        if fresh is not None:
            written.append(har.entry_with(entry, request.scheme, fresh, _answer(redactor, entry)))
    sys.stdout.buffer.write(har.archive(written))
    sys.stdout.buffer.flush()
    return NOT_SENT if len(written) < len(entries) else 0


def _answer(redactor: Redactor, entry: Mapping[str, Any]) -> RedactedRequest | None:
    """Return the answer of an entry, without its content or without everything if that is not understood."""
    for content in (True, False):
        with suppress(NotRedacted):
            return redactor.redact(har.answer_of(entry, content=content))
    return None
