"""Exceptions on their way through the ASGI door."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import pytest

from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from tests.doors.asgi_messages import END, PART, START, mirrored, sent_by
from tests.support.calling import asgi_scope
from tests.support.collecting import Collected


class Odd(BaseException):
    """Nothing that a broad except would catch."""


RAISED = [
    ValueError,
    Odd,
    SystemExit,
    KeyboardInterrupt,
    GeneratorExit,
    asyncio.CancelledError,
    StopAsyncIteration,
]


@pytest.mark.parametrize("error", RAISED)
@pytest.mark.parametrize("after", [0, 1, 2, 3], ids=["at once", "after the start", "amid", "after the end"])
def test_an_exception_of_the_app_passes_unchanged(
    collected: Collected, error: type[BaseException], after: int
) -> None:
    raised = error("told")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in [START, PART, END][:after]:
            await send(message)
        raise raised

    async def call() -> BaseException:
        try:
            await sent_by(mirrored(app))
        except BaseException as caught:
            return caught
        raise AssertionError("it was swallowed")

    assert asyncio.run(call()) is raised
    cancelled = error is asyncio.CancelledError and not after
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED if cancelled else "copied": 1}


@pytest.mark.parametrize("error", [OSError, RuntimeError, Odd])
def test_an_exception_of_the_server_reaches_the_app_unchanged(
    collected: Collected, error: type[BaseException]
) -> None:
    raised, caught = error("told"), []

    async def broken(*_: Any) -> Any:
        raise raised

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for call in (receive, lambda: send(START)):
            try:
                await call()
            except BaseException as its:
                caught.append(its)

    asyncio.run(mirrored(app)(asgi_scope(), broken, broken))
    assert caught == [raised, raised]


@pytest.mark.parametrize("decorated", [False, True])
def test_a_request_that_nobody_finishes_is_closed_without_noise(
    collected: Collected, monkeypatch: pytest.MonkeyPatch, decorated: bool
) -> None:
    monkeypatch.setattr(seen, "any", decorated)
    closed: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await receive()
        finally:
            closed.append(True)

    class Never:
        def __await__(self) -> Any:
            yield

    coroutine = mirrored(app)(asgi_scope(), Never, None)
    contextvars.copy_context().run(coroutine.send, None)
    coroutine.close()
    assert closed == [True]
    assert collected.outcomes() == {"copied": 1}
