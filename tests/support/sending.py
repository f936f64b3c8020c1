"""Copies made by hand, and senders to try them on."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from shadowtap.exchange import Headers, RedactedRequest
from shadowtap.send.breaker import Breaker
from shadowtap.send.copy import Copy
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Result
from shadowtap.settings.model import Target

T = TypeVar("T")

NEVER_OPENS = 10**9
_numbers = itertools.count(1)


def copy(
    path: bytes = b"/",
    *,
    method: str = "GET",
    query: bytes = b"",
    headers: Headers = (),
    body: bytes = b"",
    host: bytes = b"shop.example",
    timeout: float = 10.0,
    **more: Any,
) -> Copy:
    """Return a copy that has ``timeout`` seconds from now."""
    return Copy(
        id=f"{next(_numbers):032x}",
        request=RedactedRequest(method, path, query, headers, body, host),
        deadline=time.monotonic() + timeout,
        **more,
    )


def make_sender(url: str, **options: Any) -> Sender:
    """Return a sender to this URL; what of ``Target`` and ``Sender`` is not given has a default for tests."""
    target = Target(
        name="shadow", url=url, host=options.pop("host", "target"), headers=options.pop("headers", ())
    )
    defaults = {
        "timeout": 10.0,
        "connections": 4,
        "max_answer": 64 * 1024,
        "breaker": Breaker(NEVER_OPENS, 1.0),
    }
    return Sender(target, **(defaults | options))


@asynccontextmanager
async def sender_to(url: str, **options: Any) -> AsyncIterator[Sender]:
    """Give a sender, and close it."""
    sender = make_sender(url, **options)
    try:
        yield sender
    finally:
        await sender.close()


def with_sender(url: str, use: Callable[[Sender], Awaitable[T]], **options: Any) -> T:
    """Run a coroutine function on a sender in a loop of its own, and return its result."""

    async def run() -> T:
        async with sender_to(url, **options) as sender:
            return await use(sender)

    return asyncio.run(run())


def send(url: str, *copies: Copy, **options: Any) -> list[Result]:
    """Send copies one after the other through one sender."""

    async def use(sender: Sender) -> list[Result]:
        return [await sender.send(one) for one in copies]

    return with_sender(url, use, **options)


def send_at_once(url: str, *copies: Copy, **options: Any) -> list[Result]:
    """Send copies at the same time through one sender."""

    async def use(sender: Sender) -> list[Result]:
        return list(await asyncio.gather(*map(sender.send, copies)))

    return with_sender(url, use, **options)
