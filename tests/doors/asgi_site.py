"""A site on raw ASGI that answers in every way there is; bare, unless the environment names a target."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from typing import Any

from shadowtap.asgi import MirrorMiddleware
from tests.doors.notes import note, wait_for_gate
from tests.support.apps import asgi_body

CHUNK = bytes(range(256)) * 256
ROUTES: dict[str, Callable[..., Any]] = {}


def route(function: Callable[..., Any]) -> Callable[..., Any]:
    ROUTES["/" + function.__name__.replace("_", "-")] = function
    return function


async def site(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
    elif scope["type"] == "websocket":
        await websocket(scope, receive, send)
    else:
        await ROUTES.get(scope["path"], echo)(scope, receive, send)


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        note(message["type"])
        if "state" in scope:
            scope["state"]["started"] = True
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def websocket(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None})
    message = await receive()
    await send({"type": "websocket.send", "text": message["text"] + " back"})
    await send({"type": "websocket.close", "code": 1000})


async def start(send: Any, *fields: tuple[bytes, bytes], status: int = 200, **more: Any) -> None:
    headers = [(b"content-type", b"application/octet-stream"), *fields]
    await send({"type": "http.response.start", "status": status, "headers": headers, **more})


async def body(send: Any, *chunks: bytes) -> None:
    for chunk in chunks[:-1]:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": chunks[-1]})


@route
async def echo(scope: Any, receive: Any, send: Any) -> None:
    content = await asgi_body(receive)
    if content is None:
        note("disconnected within the request")
        return
    names = ("method", "http_version", "path", "raw_path", "query_string", "root_path", "headers", "state")
    lines = [f"{name}={scope.get(name)}" for name in names]
    lines += [str(len(content)), hashlib.sha256(content).hexdigest()]
    text = "\n".join(lines).encode()
    await start(send, (b"content-length", str(len(text)).encode()))
    await body(send, text)


@route
async def chunks(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await body(send, b"one", b"", b"two", b"")


@route
async def raised(scope: Any, receive: Any, send: Any) -> None:
    raise ZeroDivisionError("told")


@route
async def raised_after_start(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    raise ZeroDivisionError("told")


@route
async def raised_amid(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await send({"type": "http.response.body", "body": b"one", "more_body": True})
    raise ZeroDivisionError("told")


@route
async def raised_after_end(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-length", b"3"))
    await body(send, b"one")
    raise ZeroDivisionError("told")


@route
async def returned_at_once(scope: Any, receive: Any, send: Any) -> None:
    """Return without any answer."""


@route
async def returned_amid(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await send({"type": "http.response.body", "body": b"one", "more_body": True})


@route
async def headers(scope: Any, receive: Any, send: Any) -> None:
    fields = [(b"x-twice", b"1"), (b"set-cookie", b"a=b"), (b"X-Upper", b"caf\xe9"), (b"x-twice", b"2")]
    await start(send, *fields, (b"set-cookie", b"c=d"))
    await body(send, b"ok")


@route
async def no_content(scope: Any, receive: Any, send: Any) -> None:
    await start(send, status=204)
    await body(send, b"")


@route
async def not_modified(scope: Any, receive: Any, send: Any) -> None:
    await start(send, status=304)
    await body(send, b"")


@route
async def empty(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-length", b"0"))
    await body(send, b"")


@route
async def large(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-length", str(len(CHUNK) * 160).encode()))
    await body(send, CHUNK * 160)


@route
async def large_in_chunks(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await body(send, *[CHUNK] * 160)


@route
async def unread(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await body(send, b"unread")


@route
async def read_in_part(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    await start(send)
    await body(send, message["type"].encode())


@route
async def longer_than_declared(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-length", b"3"))
    await body(send, b"longer")


@route
async def shorter_than_declared(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-length", b"30"))
    await body(send, b"shorter")


@route
async def started_twice(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    await start(send)


@route
async def unknown_message(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.future"})


@route
async def hints(scope: Any, receive: Any, send: Any) -> None:
    if "http.response.early_hint" in scope.get("extensions", {}):
        await send({"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]})
    await start(send)
    await body(send, str(sorted(scope.get("extensions", {}))).encode())


@route
async def trailers(scope: Any, receive: Any, send: Any) -> None:
    announced = "http.response.trailers" in scope.get("extensions", {})
    await start(send, (b"trailer", b"x-sum"), **({"trailers": True} if announced else {}))
    await body(send, b"one", b"two")
    if announced:
        await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"7")], "more_trailers": False})


@route
async def pushed(scope: Any, receive: Any, send: Any) -> None:
    if "http.response.push" in scope.get("extensions", {}):
        await send({"type": "http.response.push", "path": "/empty", "headers": []})
    await start(send)
    await body(send, b"pushed")


@route
async def file(scope: Any, receive: Any, send: Any) -> None:
    with tempfile.NamedTemporaryFile() as source:
        source.write(CHUNK)
        source.flush()
        await start(send, (b"content-length", str(len(CHUNK)).encode()))
        if "http.response.pathsend" in scope.get("extensions", {}):
            await send({"type": "http.response.pathsend", "path": source.name})
        else:
            await body(send, CHUNK)


@route
async def gated(scope: Any, receive: Any, send: Any) -> None:
    await start(send, (b"content-type", b"text/event-stream"))
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.to_thread(wait_for_gate, "gate")
    await body(send, b"second")


@route
async def upload(scope: Any, receive: Any, send: Any) -> None:
    content = b""
    while len(content) < 5:
        content += (await receive())["body"]
    note(f"first {content.decode()}")
    content += await asgi_body(receive) or b""
    await start(send)
    await body(send, content)


@route
async def endless(scope: Any, receive: Any, send: Any) -> None:
    await start(send)
    gone = asyncio.ensure_future(until_disconnect(receive))
    try:
        while not gone.done():
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
            await asyncio.sleep(0)
    except OSError:
        pass
    finally:
        gone.cancel()
        note("closed")


async def until_disconnect(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


app = MirrorMiddleware(site)
