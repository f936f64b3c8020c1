"""Call an app as a server does, within the test's own process."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

Pairs = Mapping[str, str] | Sequence[tuple[str, str]]


def pairs(headers: Pairs) -> list[tuple[str, str]]:
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


class Exchange:
    """One ASGI connection: what the server gives to the app, and what the app sent."""

    def __init__(self, scope: dict[str, Any], messages: Iterable[dict[str, Any]]) -> None:
        self.scope = scope
        self.messages = list(messages)
        self.sent: list[dict[str, Any]] = []
        self.received = 0
        self._never = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self.received < len(self.messages):
            self.received += 1
            return self.messages[self.received - 1]
        await self._never.wait()
        raise AssertionError

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.sent if m["type"] == "http.response.body")

    def header(self, name: str) -> list[str]:
        return [v.decode() for n, v in self.sent[0]["headers"] if n == name.lower().encode()]


def http_scope(method: str = "GET", target: str = "/", headers: Pairs = (), **more: Any) -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs(headers)],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1234),
        **more,
    }


def body_messages(*chunks: bytes) -> list[dict[str, Any]]:
    last = len(chunks) - 1
    return [{"type": "http.request", "body": c, "more_body": i < last} for i, c in enumerate(chunks)]


async def call_asgi(
    app: Any,
    method: str = "GET",
    target: str = "/",
    headers: Pairs = (),
    *,
    chunks: Sequence[bytes] = (b"",),
    messages: Iterable[dict[str, Any]] | None = None,
    **more: Any,
) -> Exchange:
    """Serve one request by an ASGI app."""
    given = body_messages(*chunks) if messages is None else messages
    exchange = Exchange(http_scope(method, target, headers, **more), given)
    await app(exchange.scope, exchange.receive, exchange.send)
    return exchange


def asgi(app: Any, *args: Any, **kwargs: Any) -> Exchange:
    """Serve one request by an ASGI app, in an event loop of its own."""
    return asyncio.run(call_asgi(app, *args, **kwargs))


class WsgiAnswer:
    """What a WSGI app answered."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.exc_info: Any = None
        self.written: list[bytes] = []
        self.body = b""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self.status, self.headers, self.exc_info = status, headers, exc_info
        return self.written.append

    def header(self, name: str) -> list[str]:
        return [value for given, value in self.headers if given.lower() == name.lower()]


def environ(
    method: str = "GET", target: str = "/", headers: Pairs = (), body: bytes = b"", **more: Any
) -> dict[str, Any]:
    path, _, query = target.partition("?")
    made: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in pairs(headers):
        key = "HTTP_" + name.upper().replace("-", "_")
        made[key] = f"{made[key]},{value}" if key in made else value
    made.update(more)
    setup_testing_defaults(made)
    return made


def wsgi(app: Any, *args: Any, validate: bool = True, **kwargs: Any) -> WsgiAnswer:
    """Serve one request by a WSGI app, with the standard library's validator around it."""
    answer = WsgiAnswer()
    served = validator(app) if validate else app
    result = served(environ(*args, **kwargs), answer.start)
    try:
        answer.body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return answer
