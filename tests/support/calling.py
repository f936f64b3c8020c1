"""Call an app as a server does, without one: the same words for WSGI and ASGI."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

Fields = Iterable[tuple[str, str]]


class Answer(NamedTuple):
    """What an app answered; ``status`` is 0 when it did not."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def call_wsgi(
    app: Any,
    method: str = "GET",
    target: str = "/",
    headers: Fields = (),
    body: bytes | Iterable[bytes] = b"",
    *,
    cut: int | None = None,
    take: int | None = None,
    **more: Any,
) -> Answer:
    """Send a request to a WSGI app and return its answer.

    Args:
        app: The app.
        method: The method.
        target: Path and query.
        headers: Header fields.
        body: The body; in chunks, without a length, unless it is bytes.
        cut: The client goes away after so many bytes of the body.
        take: The client goes away after so many chunks of the answer.
        more: What to add to the environ.
    """
    environ = {**wsgi_environ(method, target, headers, body, cut=cut), **more}
    return read_wsgi(app, environ, take=take)


def wsgi_environ(
    method: str, target: str, headers: Fields, body: bytes | Iterable[bytes], *, cut: int | None = None
) -> dict[str, Any]:
    """Return the environ of a request."""
    path, _, query = target.partition("?")
    content = body if isinstance(body, bytes) else b"".join(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "shop.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content[:cut]),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in [("Host", "shop.example"), *headers]:
        variable = name.upper().replace("-", "_")
        bare = variable in ("CONTENT_TYPE", "CONTENT_LENGTH")
        environ[variable if bare else f"HTTP_{variable}"] = value
    if not isinstance(body, bytes):
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
        environ["wsgi.input_terminated"] = True
    elif body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def read_wsgi(app: Any, environ: dict[str, Any], *, take: int | None = None) -> Answer:
    """Call a WSGI app with an environ, read its answer and close it, whatever happens."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, fields: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and written:
            raise exc_info[1].with_traceback(exc_info[2])
        started.append((status, fields))
        return written.append

    result = app(environ, start_response)
    try:
        for number, chunk in enumerate(result):
            if number == take:
                break
            written.append(chunk)
    finally:
        if hasattr(result, "close"):
            result.close()
    status, fields = started[-1] if started else ("0", [])
    return Answer(int(status[:3]), fields, b"".join(written))


def call_asgi(
    app: Any,
    method: str = "GET",
    target: str = "/",
    headers: Fields = (),
    body: bytes | Iterable[bytes] = b"",
    *,
    cut: int | None = None,
    take: int | None = None,
    **more: Any,
) -> Answer:
    """Send a request to an ASGI app and return its answer; see ``call_wsgi``."""
    scope = {**asgi_scope(method, target, headers, body), **more}
    return asyncio.run(read_asgi(app, scope, messages(body, cut=cut), take=take))


def asgi_scope(
    method: str = "GET", target: str = "/", headers: Fields = (), body: bytes | Iterable[bytes] = b""
) -> dict[str, Any]:
    """Return the scope of a request."""
    path, _, query = target.partition("?")
    fields = [("host", "shop.example"), *headers]
    if not isinstance(body, bytes):
        fields.append(("transfer-encoding", "chunked"))
    elif body:
        fields.append(("content-length", str(len(body))))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields],
        "client": ("192.0.2.1", 40000),
        "server": ("shop.example", 80),
        "state": {},
    }


def messages(body: bytes | Iterable[bytes], *, cut: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield what a server sends of a request: cut, the client goes away before the end."""
    chunks = [body] if isinstance(body, bytes) else [*body] or [b""]
    if cut is not None:
        yield {"type": "http.request", "body": b"".join(chunks)[:cut], "more_body": True}
        yield {"type": "http.disconnect"}
        return
    for number, chunk in enumerate(chunks, 1):
        yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}


async def read_asgi(
    app: Any, scope: dict[str, Any], incoming: Iterator[dict[str, Any]], *, take: int | None = None
) -> Answer:
    """Call an ASGI app with a scope and messages, and return its answer."""
    sent: list[dict[str, Any]] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        message = next(incoming, None)
        if message is None:
            await gone.wait()
            return {"type": "http.disconnect"}
        return message

    async def send(message: dict[str, Any]) -> None:
        if take is not None and sum(m["type"] == "http.response.body" for m in sent) >= take:
            gone.set()
            raise OSError("the client has gone away")
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            gone.set()

    try:
        await app(scope, receive, send)
    except OSError:
        if take is None:
            raise
    return answer_of(sent)


def answer_of(sent: list[dict[str, Any]]) -> Answer:
    """Put the messages of an answer together."""
    start = next((m for m in sent if m["type"] == "http.response.start"), {"status": 0})
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start.get("headers", ())]
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return Answer(start["status"], fields, body)
