"""Raw apps behind the guard, for real servers to import: ``asgi_app`` and ``wsgi_app``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shadowtap.context import is_shadow
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.side_effect import side_effect
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.marks import KEY

POLICY = GuardPolicy(mode="marked", key=KEY)


@side_effect(instead=None)
def charge() -> None:
    """Nothing that a test could see; what counts is that it is named in the answer."""


def told(body: bytes) -> bytes:
    return json.dumps([is_shadow(), len(body)]).encode()


async def plain_asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 1000})
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    charge()
    answer = told(body)
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": told(b""), "more_body": True})
        await send({"type": "http.response.body"})
        return
    length = (b"content-length", b"%d" % len(answer))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": answer})


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        assert not is_shadow()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


def plain_wsgi(environ: Any, start_response: Any) -> Any:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    charge()
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return stream()
    if environ["PATH_INFO"] == "/file":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return environ["wsgi.file_wrapper"](open(__file__, "rb"))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [told(body)]


def stream() -> Iterator[bytes]:
    for _ in range(3):
        yield told(b"")


asgi_app = GuardAsgi(plain_asgi, POLICY)
open_asgi_app = GuardAsgi(plain_asgi, GuardPolicy(mode="marked"))
wsgi_app = GuardWsgi(plain_wsgi, POLICY)  # type: ignore[arg-type]
