"""Raw apps, the same in both protocols, without any framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def wsgi_echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the body that came."""
    body = wsgi_body(environ)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def wsgi_body(environ: dict[str, Any]) -> bytes:
    """Read the body as WSGI allows it: up to its length, or to the end that the server marks."""
    if environ.get("wsgi.input_terminated"):
        return bytes(environ["wsgi.input"].read())
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def wsgi_deaf(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer without reading the body."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


async def asgi_echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that came; nothing where the client has gone away."""
    body = await asgi_body(receive)
    if body is not None:
        fields = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": body})


async def asgi_body(receive: Any) -> bytes | None:
    """Read the body; ``None`` where the client has gone away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def asgi_deaf(scope: Any, receive: Any, send: Any) -> None:
    """Answer without reading the body."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok"})
