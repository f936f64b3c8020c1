"""Messages of answers, and apps that send them through the door."""

from __future__ import annotations

from typing import Any

from shadowtap.asgi import MirrorMiddleware
from tests.support.calling import asgi_scope
from tests.support.collecting import SHADOW

Messages = list[dict[str, Any]]
START = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}
PART = {"type": "http.response.body", "body": b"part", "more_body": True}
END = {"type": "http.response.body", "body": b"end"}
EXTENSIONS: dict[str, Messages] = {
    "early hints": [{"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]}, START, END],
    "push": [{"type": "http.response.push", "path": "/a.css", "headers": []}, START, END],
    "trailers": [
        {**START, "trailers": True},
        {**END, "more_body": False},
        {"type": "http.response.trailers", "headers": [(b"x", b"1")], "more_trailers": True},
        {"type": "http.response.trailers", "headers": [(b"y", b"2")]},
    ],
    "a file by its path": [START, {"type": "http.response.pathsend", "path": "/a.css"}],
    "a file by its number": [
        START,
        {"type": "http.response.zerocopysend", "file": 9, "more_body": True},
        {"type": "http.response.zerocopysend", "file": 9},
    ],
    "debug": [{"type": "http.response.debug", "info": {"template": "x"}}, START, END],
    "something to come": [{"type": "http.future", "anything": object()}, START, PART, END],
    "without headers": [{"type": "http.response.start", "status": 204}, {"type": "http.response.body"}],
    "nothing": [],
    "no end": [START, PART],
}


def mirrored(app: Any, **settings: Any) -> Any:
    return MirrorMiddleware(app, target=SHADOW, **settings)


def answering(messages: Messages) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


async def sent_by(app: Any, scope: dict[str, Any] | None = None) -> Messages:
    sent: Messages = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope or asgi_scope(), receive, send)
    return sent
