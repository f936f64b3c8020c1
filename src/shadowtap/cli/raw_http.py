"""Requests as they travel: HTTP/1.1 text, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from shadowtap.cli.source import InputError
from shadowtap.exchange import CapturedRequest, Headers, RedactedRequest

REQUEST_LINE = re.compile(rb"([A-Za-z][A-Za-z\-]{0,19}) ([^\s]+) HTTP/1\.[01]\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([^\s:]+):[ \t]*(.*?)[ \t]*", re.DOTALL)
_LENGTH = re.compile(rb"[0-9]{1,12}")


def read(content: bytes) -> Iterator[CapturedRequest]:
    """Yield the requests in a text.

    A body is as long as its ``Content-Length``; without one it is the rest,
    unless another request begins there. Raises ``InputError``.
    """
    at, number = _skip_blank(content, 0), 0
    while at < len(content):
        number += 1
        line = REQUEST_LINE.match(content, at)
        if line is None:
            raise InputError(f"request {number}: does not begin with METHOD /path HTTP/1.1")
        end = _END_OF_HEAD.search(content, line.end() - 2)
        head = content[line.end() : end.start() if end else len(content)]
        headers = tuple(_fields(head, number))
        start = end.end() if end else len(content)
        at = _end_of_body(content, start, headers, number)
        scheme, path, query = _target(line[2], number)
        body = content[start:at]
        yield CapturedRequest(line[1].decode(), scheme, path, query, headers, (body,), "", "")
        at = _skip_blank(content, at)


def write(request: RedactedRequest) -> bytes:
    """Return a redacted request as it would be sent, save for what the sender adds."""
    target = request.path + (b"?" + request.query if request.query else b"")
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), target)]
    if request.host:
        lines.append(b"Host: " + request.host)
    lines += [b"%b: %b" % field for field in request.headers]
    if request.body:
        lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join([*lines, b"", request.body])


def _skip_blank(content: bytes, at: int) -> int:
    while at < len(content) and content[at] in b"\r\n":
        at += 1
    return at


def _fields(head: bytes, number: int) -> Iterator[tuple[bytes, bytes]]:
    for line in head.splitlines():
        found = _FIELD.fullmatch(line)
        if found is None:
            raise InputError(f"request {number}: a header is not of the form Name: value")
        yield found[1], found[2]


def _end_of_body(content: bytes, start: int, headers: Headers, number: int) -> int:
    named = [(name.lower(), value) for name, value in headers]
    if any(name == b"transfer-encoding" for name, _ in named):
        raise InputError(
            f"request {number}: has a Transfer-Encoding; only bodies with Content-Length are read"
        )
    lengths = {value for name, value in named if name == b"content-length"}
    if not lengths:
        after = _skip_blank(content, start)
        return start if after == len(content) or REQUEST_LINE.match(content, after) else len(content)
    if len(lengths) > 1 or not _LENGTH.fullmatch(min(lengths)):
        raise InputError(f"request {number}: its Content-Length is not a number")
    end = start + int(min(lengths))
    if end > len(content):
        raise InputError(f"request {number}: its body is shorter than its Content-Length")
    return end


def _target(raw: bytes, number: int) -> tuple[str, bytes, bytes]:
    """Split a request target in origin or absolute form into scheme, path and query."""
    scheme = "http"
    if not raw.startswith(b"/") and b"://" in raw:
        try:
            url = urlsplit(raw)
        except ValueError:
            raise InputError(f"request {number}: its target is no URL") from None
        return url.scheme.decode() or scheme, url.path or b"/", url.query
    path, _, query = raw.partition(b"?")
    return scheme, path, query
