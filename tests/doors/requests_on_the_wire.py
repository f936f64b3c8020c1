"""Requests as bytes: each is sent to both servers of a pair."""

from __future__ import annotations

from collections.abc import Iterable

from tests.doors import asgi_site, wsgi_site
from tests.doors.http1 import chunked, head, post

TEN_MEGABYTES = bytes(range(256)) * 40960
Requests = dict[str, Iterable[bytes]]

BODIES: Requests = {
    "GET": [head("GET", "/echo?a=b&c=%C3%A9")],
    "HEAD": [head("HEAD", "/echo")],
    "POST": [post("/echo", b"hello", "Content-Type: text/plain")],
    "PUT": [post("/echo", b"hello", method="PUT")],
    "PATCH": [post("/echo", b"hello", method="PATCH")],
    "DELETE": [head("DELETE", "/echo/1")],
    "DELETE with a body": [post("/echo", b"hello", method="DELETE")],
    "OPTIONS": [head("OPTIONS", "/echo")],
    "OPTIONS of the server": [head("OPTIONS", "*")],
    "GET with a body": [post("/echo", b"hello", method="GET")],
    "a method of its own": [head("PURGE", "/echo")],
    "an empty body": [post("/echo", b"")],
    "no length": [head("POST", "/echo")],
    "a body in pieces": [post("/echo", b"hello" * 3)[:-10], b"hello", b"hello"],
    "10 MB": [post("/echo", TEN_MEGABYTES)],
    "an unread body": [post("/unread", b"hello")],
    "an unread large body": [post("/unread", b"x" * 300_000)],
    "a body read in part": [post("/read-in-part", b"hello")],
    "100-continue": [head("POST", "/echo", "Content-Length: 5", "Expect: 100-continue"), b"hello"],
    "100-continue unread": [head("POST", "/unread", "Content-Length: 5", "Expect: 100-continue"), b"hello"],
    "a length that is none": [head("POST", "/echo", "Content-Length: five"), b"hello"],
    "a negative length": [head("POST", "/echo", "Content-Length: -5"), b"hello"],
    "two lengths": [head("POST", "/echo", "Content-Length: 5", "Content-Length: 6"), b"hello!"],
    "HTTP/1.0": [head("GET", "/echo", version="1.0")],
    "HTTP/1.0 with a body": [head("POST", "/echo", "Content-Length: 5", version="1.0") + b"hello"],
    "an escaped path": [head("GET", "/a%20b/%C3%A9%2F..;x=1//c?q=%20+%00")],
    "an absolute address": [head("GET", "http://shop.example/echo?a")],
    "many fields": [head("GET", "/echo", *[f"X-Field-{number}: {number}" for number in range(40)])],
    "fields of the same name": [head("GET", "/echo", "X-A: 1", "x-a: 2", "Cookie: a=b", "Cookie: c=d")],
    "a field beyond ASCII": [head("GET", "/echo", "X-Name: caf\u00e9")],
    "marks from outside": [head("GET", "/echo", "X-Shadow-Request: true", "X-Shadow-Id: " + "a" * 32)],
    "a long path": [head("GET", "/" + "x" * 3000)],
    "no request": [b"nonsense\r\n\r\n"],
}
CHUNKED: Requests = {
    "chunks": chunked("/echo", b"hello", b" ", b"world"),
    "no chunks": chunked("/echo"),
    "10 MB in chunks": chunked("/echo", *[TEN_MEGABYTES[:65536]] * 160),
    "unread chunks": chunked("/unread", b"hello"),
    "chunks with trailers": [
        head("POST", "/echo", "Transfer-Encoding: chunked"),
        b"1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n",
    ],
    "chunks that are none": [head("POST", "/echo", "Transfer-Encoding: chunked"), b"zz\r\nhello\r\n"],
    "chunks and a length": [
        head("POST", "/echo", "Transfer-Encoding: chunked", "Content-Length: 3"),
        b"3\r\nabc\r\n0\r\n\r\n",
    ],
}
SPECIAL = {"/echo", "/gated", "/upload", "/endless"}
"""Routes with requests of their own."""


def answers(site: dict[str, object]) -> Requests:
    """Return requests for each kind of answer that a site has."""
    paths = sorted(set(site) - SPECIAL)
    found: Requests = {f"GET {path}": [head("GET", path)] for path in paths}
    return {
        **found,
        **{f"HEAD {path}": [head("HEAD", path)] for path in paths if not path.startswith("/large")},
    }


ASGI: Requests = {**BODIES, **CHUNKED, **answers(asgi_site.ROUTES)}
WSGI: Requests = {**BODIES, **answers(wsgi_site.ROUTES), "lines": [post("/read-by-lines", b"one\ntwo\n")]}

CUT: Requests = {
    "a body that ends early": [head("POST", "/echo", "Content-Length: 100"), b"hello"],
    "no body at all": [head("POST", "/echo", "Content-Length: 100")],
    "a large body that ends early": [head("POST", "/echo", "Content-Length: 1000000"), b"x" * 500_000],
    "a body that ends early, unread": [head("POST", "/unread", "Content-Length: 100"), b"hello"],
}
"""The client sends no more, but waits for an answer."""
