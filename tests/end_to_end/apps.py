"""An app on each protocol that says which process serves it."""

from __future__ import annotations

import os
import sys

import shadowtap


def served() -> bytes:
    """Return what is answered; a copy is noted, as nobody outside can see its answer."""
    if shadowtap.is_shadow():
        sys.stderr.write("served a copy\n")
    return str(os.getpid()).encode()


def wsgi_app(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = served()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi_app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    body = served()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


wsgi = shadowtap.wrap(wsgi_app)
asgi = shadowtap.wrap(asgi_app)
