"""``shadowtap discover``: what there is in recorded requests, and what redaction makes of it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any

from shadowtap.cli import findings, har, raw_http
from shadowtap.cli.progress import watched
from shadowtap.cli.redactor import redactor_of
from shadowtap.cli.source import read
from shadowtap.cli.telling import form_of, type_of
from shadowtap.exceptions import NotRedacted
from shadowtap.exchange import CapturedRequest
from shadowtap.redact.discovery import Discovery
from shadowtap.settings import load


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "discover",
        help="count what there is in recorded requests, and what nobody recognised",
        description="Redact recorded requests and show by place which types of values were seen, what was "
        "done with them and why; texts that nobody recognised come first. Never shows a value; the name of a "
        "field is shown unless it is an address or a number. Exit status: 0, or 2 when the input or a "
        "setting is wrong.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="raw HTTP/1.1, HAR, or JSON bodies line by line (default: stdin)",
    )
    parser.add_argument(
        "--format",
        choices=("http", "har", "jsonl"),
        help="of all files; without it each file's content tells",
    )
    parser.add_argument("--toml", action="store_true", help="print rules to review in the place of the table")
    parser.add_argument("--config", help="settings file, as SHADOWTAP_CONFIG")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found."""
    settings = load(**({"config": arguments.config} if arguments.config else {}))
    redactor = redactor_of(settings, shown=False)
    discovery = Discovery()
    refused: Counter[str] = Counter()
    requests = 0
    for request in watched(_requests(arguments.files or [None], arguments.format), "requests"):
        requests += 1
        try:
            redactor.redact(request, observer=discovery)
        except NotRedacted as refusal:
            refused[str(refusal)] += 1
    lines = findings.rules(discovery) if arguments.toml else findings.table(discovery, requests, refused)
    print("\n".join(lines))
    return 0


def _requests(files: list[str | None], form: str | None) -> Iterator[CapturedRequest]:
    for file in files:
        content = read(file)
        told = form or form_of(content, file)
        if told == "har":
            yield from map(har.request_of, har.entries(content))
        elif told == "http":
            yield from raw_http.read(content)
        else:
            yield from _bodies(content, file, lines=told == "jsonl")


def _bodies(content: bytes, file: str | None, *, lines: bool) -> Iterator[CapturedRequest]:
    kind = "application/x-ndjson" if lines else type_of(content, file)
    whole = kind != "application/x-ndjson"
    head = ((b"Content-Type", kind.encode() if whole else b"application/json"),)
    for body in [content] if whole else content.splitlines():
        if body.strip():
            yield CapturedRequest("POST", "https", b"/", b"", head, (body,), "", "")
