"""The primary on ASGI: a Starlette app that tells what it saw."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from shadowtap.asgi import MirrorMiddleware
from tests.conformance import inside

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def echo(request: Request) -> Response:
    body = await request.body()
    query = request.scope["query_string"]
    seen = {
        "method": request.method,
        "target": (request.scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1"),
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw],
        "size": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
    }
    return JSONResponse(seen, headers={"X-Primary": "v1"})


async def unread(request: Request) -> Response:
    return PlainTextResponse("too much", 413)


async def teapot(request: Request) -> Response:
    return PlainTextResponse("short and stout", 418)


async def fail(request: Request) -> Response:
    raise RuntimeError("the app's own")


async def slow(request: Request) -> Response:
    await asyncio.sleep(float(request.query_params["seconds"]))
    return PlainTextResponse("late")


async def events(request: Request) -> Response:
    async def stream() -> AsyncIterator[bytes]:
        until = time.monotonic() + float(request.query_params["seconds"])
        while time.monotonic() < until:
            yield b"data: tick\n\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(stream(), media_type="text/event-stream")


async def folder(request: Request) -> Response:
    return PlainTextResponse("in the folder")


async def to_folder(request: Request) -> Response:
    return RedirectResponse(request.url.path + "/", 308)


async def chat(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


starlette = Starlette(
    routes=[
        Route("/echo/{rest:path}", echo, methods=METHODS),
        Route("/unread/{rest:path}", unread, methods=["POST"]),
        Route("/teapot/{rest:path}", teapot),
        Route("/raise/{rest:path}", fail, methods=["GET", "POST"]),
        Route("/slow/{rest:path}", slow),
        Route("/events/{rest:path}", events),
        Route("/folder/{rest:path}/", folder),
        Route("/folder/{rest:path}", to_folder),
        WebSocketRoute("/chat", chat),
    ]
)
mirrored = MirrorMiddleware(starlette)


async def app(scope, receive, send):
    if scope["type"] == "http" and scope["path"].startswith(inside.PREFIX):
        answer = inside.tell(mirrored._mirror, scope["path"])
        headers = [(b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
    else:
        await mirrored(scope, receive, send)
