"""Send a great many requests through a door in this process, and print what that did to its memory.

Usage: ``python -m tests.conformance.flood wsgi|asgi TARGET NUMBER [PENDING]``

With ``PENDING``, at most about so many copies wait at a time, so that all of them pass through the courier.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shadowtap.asgi import MirrorMiddleware as AsgiMirror
from shadowtap.wsgi import MirrorMiddleware as WsgiMirror

BODY = b'{"sku":"TEA-050","unit":"g","note":"%s"}' % (b"x" * 960)
STEP = 100
SETTINGS = {"timeout": "1s", "shutdown_grace": "500ms"}


def wsgi_app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


async def asgi_app(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def through_wsgi(target: str) -> tuple[Any, Callable[[int], None]]:
    """Return the mirror of a WSGI app, and what sends it so many requests."""
    door: Any = WsgiMirror(wsgi_app, target=target, **SETTINGS)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/orders",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(BODY)),
        "HTTP_HOST": "shop.example",
        "wsgi.url_scheme": "http",
    }

    def send(number: int) -> None:
        for _ in range(number):
            for _ in door({**environ, "wsgi.input": io.BytesIO(BODY)}, lambda *_: None):
                pass

    return door._mirror, send


def through_asgi(target: str) -> tuple[Any, Callable[[int], None]]:
    """Return the mirror of an ASGI app, and what sends it so many requests."""
    door: Any = AsgiMirror(asgi_app, target=target, **SETTINGS)
    length = str(len(BODY)).encode()
    headers = [
        (b"host", b"shop.example"),
        (b"content-type", b"application/json"),
        (b"content-length", length),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/orders",
        "raw_path": b"/orders",
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def nothing(message: Any) -> None:
        pass

    async def send(number: int) -> None:
        for _ in range(number):
            await door(dict(scope), receive, nothing)

    return door._mirror, lambda number: asyncio.run(send(number))


def memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def courier_of(mirror: Any) -> int:
    pid: int = mirror.hand_over.__self__._writer._session.child.process.pid
    return pid


def main(kind: str, target: str, number: str, pending: str = "") -> None:
    """Print memory of web process and courier, of an early and of a late moment, and the account."""
    mirror, send = {"wsgi": through_wsgi, "asgi": through_asgi}[kind](target)
    moments = []
    for quarter in range(4):
        for _ in range(int(number) // 4 // STEP):
            send(STEP)
            while pending and sum(mirror.ledger.pending().values()) > int(pending):
                time.sleep(0.01)
        if quarter in (0, 3):
            moments.append((memory(os.getpid()), memory(courier_of(mirror))))
    most = threading.active_count()
    mirror.on_shutdown()
    account = {"received": mirror.ledger.received(), "outcomes": mirror.ledger.outcomes()}
    sys.stdout.write(json.dumps({"moments": moments, "threads": most, "open": len(mirror.open), **account}))


if __name__ == "__main__":
    main(*sys.argv[1:])
