"""What reaches a shadow, written down before its guard sees it: the demo's witness."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from shadowtap.headers import SHADOW_EFFECTS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Record(msgspec.Struct):
    """One request as a shadow received it, and what its guard said in the answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int = 0
    effects: str = ""


def read(path: Path) -> list[Record]:
    """Return the records in a file, which need not exist."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=Record) for line in lines]


def _write(path: Path, record: Record) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(msgspec.to_builtins(record)) + "\n")


def record_asgi(app: ASGIApp, path: Path) -> ASGIApp:
    """Return an ASGI app that records what comes to ``app``."""

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        target = scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
        record = Record(scope["method"], target, headers, body.decode(errors="replace"))
        replay: list[Message] = [{"type": "http.request", "body": body}]

        async def receive_again() -> Message:
            return replay.pop() if replay else await receive()

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                record.effects = dict(message["headers"]).get(SHADOW_EFFECTS.lower().encode(), b"").decode()
                _write(path, record)
            await send(message)

        await app(scope, receive_again, send_noting)

    return recording


def record_wsgi(app: WSGIApplication, path: Path) -> WSGIApplication:
    """Return a WSGI app that records what comes to ``app``."""

    def recording(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {
            n[5:].replace("_", "-").lower(): str(v) for n, v in environ.items() if n.startswith("HTTP_")
        }
        target = str(environ.get("RAW_URI") or environ["PATH_INFO"])
        record = Record(environ["REQUEST_METHOD"], target, headers, body.decode(errors="replace"))

        def start(status: str, fields: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            record.status = int(status[:3])
            record.effects = dict(fields).get(SHADOW_EFFECTS, "")
            _write(path, record)
            return start_response(status, fields, *rest)

        return app(environ, start)

    return recording
