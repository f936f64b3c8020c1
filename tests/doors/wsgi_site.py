"""A site on raw WSGI that answers in every way there is; bare, unless the environment names a target."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from shadowtap.wsgi import MirrorMiddleware
from tests.doors.notes import note, wait_for_gate
from tests.support.apps import wsgi_body

CHUNK = bytes(range(256)) * 256
ROUTES: dict[str, Callable[..., Any]] = {}


def route(function: Callable[..., Any]) -> Callable[..., Any]:
    ROUTES["/" + function.__name__.replace("_", "-")] = function
    return function


def site(environ: dict[str, Any], start_response: Any) -> Any:
    return ROUTES.get(environ["PATH_INFO"], echo)(environ, start_response)


def ok(start_response: Any, *fields: tuple[str, str]) -> Any:
    return start_response("200 OK", [("Content-Type", "application/octet-stream"), *fields])


@route
def echo(environ: dict[str, Any], start_response: Any) -> Any:
    body = wsgi_body(environ)
    names = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH")
    lines = [f"{name}={environ.get(name)}" for name in names]
    lines += sorted(f"{k}={v}" for k, v in environ.items() if k.startswith("HTTP_"))
    lines += [str(len(body)), hashlib.sha256(body).hexdigest()]
    ok(start_response)
    return ["\n".join(lines).encode("latin-1")]


@route
def two_in_a_list(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return [b"one", b"two"]


@route
def one_in_a_tuple(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return (b"one",)


class Collection:
    """Something with a length of one: servers derive a Content-Length from it."""

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one"])


@route
def collection(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return Collection()


@route
def iterator(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return iter([b"one", b"", b"two"])


@route
def late_start(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    ok(start_response, ("X-Length", str(len(wsgi_body(environ)))))
    yield b"one"
    yield b"two"


class Closing:
    """An answer that notes that it was closed."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks

    def close(self) -> None:
        note("closed")


@route
def closing(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return Closing(b"one", b"two")


@route
def written(environ: dict[str, Any], start_response: Any) -> Any:
    write = ok(start_response)
    write(b"written ")
    write(b"again ")
    return [b"and returned"]


@route
def file(environ: dict[str, Any], start_response: Any) -> Any:
    source = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
    source.write(CHUNK * 16)
    source.seek(0)
    ok(start_response, ("Content-Length", str(len(CHUNK) * 16)))
    wrap = environ.get("wsgi.file_wrapper")
    return wrap(source, 8192) if wrap else iter(lambda: source.read(8192), b"")


@route
def file_in_memory(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response, ("Content-Length", "10"))
    return environ["wsgi.file_wrapper"](BytesIO(b"0123456789"), 4)


@route
def raised(environ: dict[str, Any], start_response: Any) -> Any:
    raise ZeroDivisionError("told")


@route
def raised_after_start(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    raise ZeroDivisionError("told")


@route
def raised_amid(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    ok(start_response)
    yield b"one"
    raise ZeroDivisionError("told")


@route
def replaced(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        start_response("500 Replaced", [("X-Replaced", "yes")], sys.exc_info())
    return [b"replaced"]


@route
def replaced_too_late(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    ok(start_response)
    yield b"one"
    try:
        raise ZeroDivisionError("told")
    except ZeroDivisionError:
        start_response("500 Replaced", [], sys.exc_info())
    yield b"never"


@route
def headers(environ: dict[str, Any], start_response: Any) -> Any:
    fields = [
        ("x-LOWER", "1"),
        ("X-Twice", "1"),
        ("Set-Cookie", "a=b"),
        ("X-Twice", "2"),
        ("Set-Cookie", "c=d"),
    ]
    ok(start_response, *fields, ("X-Latin", "caf\u00e9"))
    return [b"ok"]


@route
def no_content(environ: dict[str, Any], start_response: Any) -> Any:
    start_response("204 No Content", [("X-Kept", "yes")])
    return []


@route
def not_modified(environ: dict[str, Any], start_response: Any) -> Any:
    start_response("304 Not Modified", [("ETag", '"x"')])
    return []


@route
def empty(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response, ("Content-Length", "0"))
    return []


@route
def large(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return [CHUNK * 160]


@route
def large_in_chunks(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    ok(start_response)
    for _ in range(160):
        yield CHUNK


@route
def unread(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return [b"unread"]


@route
def read_in_part(environ: dict[str, Any], start_response: Any) -> Any:
    part = environ["wsgi.input"].read(min(3, int(environ.get("CONTENT_LENGTH") or 0)))
    ok(start_response)
    return [part]


@route
def read_by_lines(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    left = int(environ.get("CONTENT_LENGTH") or 0)
    lines = []
    while left > 0 and (line := environ["wsgi.input"].readline()):
        lines.append(line)
        left -= len(line)
    return [b"|".join(lines) or b"none"]


@route
def longer_than_declared(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response, ("Content-Length", "3"))
    return [b"longer"]


@route
def shorter_than_declared(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response, ("Content-Length", "30"))
    return [b"shorter"]


@route
def hints(environ: dict[str, Any], start_response: Any) -> Any:
    hint = environ.get("wsgi.early_hints")
    if hint is not None:
        hint([("Link", "</a.css>; rel=preload")])
    ok(start_response)
    return [b"hinted" if hint else b"not hinted"]


@route
def gated(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    ok(start_response)
    yield b"first"
    wait_for_gate("gate")
    yield b"second"


@route
def upload(environ: dict[str, Any], start_response: Any) -> Any:
    first = environ["wsgi.input"].read(5)
    note(f"first {first.decode()}")
    second = environ["wsgi.input"].read(6)
    ok(start_response)
    return [first, second]


class Endless(Closing):
    """An answer without an end."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield CHUNK


@route
def endless(environ: dict[str, Any], start_response: Any) -> Any:
    ok(start_response)
    return Endless()


app = MirrorMiddleware(site)
