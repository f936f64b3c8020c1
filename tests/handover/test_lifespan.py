"""The end of an ASGI server that runs no exit handlers: queued copies get their time at lifespan shutdown."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from shadowtap.asgi import MirrorMiddleware

SHUTDOWN = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]


async def app(scope, receive, send):
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def live_once(wrapped: Any) -> list[Any]:
    """Start and end an app; return what the server heard, and when it was heard."""
    heard: list[Any] = []
    messages = iter(SHUTDOWN)

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        heard.append(message["type"])

    asyncio.run(wrapped({"type": "lifespan"}, receive, send))
    return heard


@pytest.fixture
def wrapped() -> Any:
    return MirrorMiddleware(app, target="http://shadow.example")


def test_the_server_hears_of_the_end_once_the_copies_have_left(wrapped: Any) -> None:
    left: list[Any] = []
    wrapped._mirror.on_shutdown = lambda: left.append(threading.current_thread())
    assert live_once(wrapped) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert len(left) == 1
    assert left[0] is not threading.main_thread(), "the event loop must not be held up meanwhile"


def test_a_fault_of_ours_does_not_keep_the_server_from_ending(wrapped: Any) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    wrapped._mirror.on_startup = wrapped._mirror.on_shutdown = fail
    assert live_once(wrapped)[-1] == "lifespan.shutdown.complete"


def test_an_app_that_fails_at_its_end_drains_all_the_same(wrapped: Any) -> None:
    left: list[bool] = []
    wrapped._mirror.on_shutdown = lambda: left.append(True)

    async def failing(scope, receive, send):
        await send({"type": "lifespan.shutdown.failed", "message": "no"})

    wrapped.app = failing
    assert live_once(wrapped) == ["lifespan.shutdown.failed"]
    assert left == [True]


def test_an_app_without_lifespan_says_so_as_before(wrapped: Any) -> None:
    async def without(scope, receive, send):
        raise ValueError("no lifespan here")

    wrapped.app = without
    with pytest.raises(ValueError, match="no lifespan here"):
        live_once(wrapped)
