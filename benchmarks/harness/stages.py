"""The stages of a courier one by one, on the same copies, in this process and its one thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from shadowtap import wire
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import Redactor
from shadowtap.send.breaker import Breaker
from shadowtap.send.compose import ENTROPY, address, compose
from shadowtap.send.copy import Copy
from shadowtap.send.sender import Sender
from shadowtap.settings import Settings

from .feed import exchanges
from .figures import median

T = TypeVar("T")

READ = 65536
"""Bytes that arrive at once."""

SLICES = 20
"""Parts of which the median is taken, so that a disturbance of the machine counts in one alone."""


def costs(requests: Sequence[CapturedRequest], settings: Settings) -> dict[str, float]:
    """Return the CPU seconds per copy of each stage, in the order of the way."""
    redactor = Redactor(b"r" * 32)
    redactor.warm_up()
    redacted = list(map(redactor.redact, requests[:64]))
    # Copies that the cache of this redactor has not seen.
    found = {"receive, decode": _receive(requests, settings)}
    found["redact"] = _median(list(requests[64:]), lambda part: redacted.extend(map(redactor.redact, part)))
    copies = [_copy(number, request) for number, request in enumerate(redacted)]
    found["sign, compose"] = _compose(copies, settings)
    found["send"] = asyncio.run(_send(copies, settings)) - found["sign, compose"]
    return found


def _median(work: Sequence[T], do: Callable[[Sequence[T]], object]) -> float:
    """Return the median over slices of the CPU seconds per item."""
    taken = []
    for part in _slices(work):
        before = time.process_time()
        do(part)
        taken.append((time.process_time() - before) / len(part))
    return median(taken)


def _slices(work: Sequence[T]) -> Iterator[Sequence[T]]:
    size = max(1, len(work) // SLICES)
    for start in range(0, len(work), size):
        yield work[start : start + size]


def _receive(requests: Sequence[CapturedRequest], settings: Settings) -> float:
    source = exchanges(requests, settings.targets[0].name)

    def decode(parts: Sequence[bytes]) -> None:
        for part in parts:
            for payload in reader.feed(part):
                wire.decode(payload)

    stream = bytearray()
    for _ in requests:
        wire.append(stream, wire.payload(next(source)))
    reader = wire.FrameReader()
    parts = [bytes(stream[start : start + READ]) for start in range(0, len(stream), READ)]
    per_part = _median(parts, decode)
    return per_part * len(parts) / len(requests)


def _copy(number: int, request: RedactedRequest) -> Copy:
    return Copy(id=f"{number:032x}", request=request, deadline=time.monotonic() + 600)


def _compose(copies: Sequence[Copy], settings: Settings) -> float:
    to, key = address(settings.targets[0]), _key(settings)

    def do(part: Sequence[Copy]) -> None:
        for copy in part:
            compose(to, copy, key=key, now=int(time.time()), entropy=bytes(ENTROPY))

    return _median(copies, do)


async def _send(copies: Sequence[Copy], settings: Settings) -> float:
    """Send as many at a time as the courier does, without its tasks and queues."""
    sender = Sender(
        settings.targets[0],
        timeout=settings.timeout,
        connections=settings.connections,
        max_answer=settings.max_answer,
        breaker=Breaker(settings.breaker_failures, settings.breaker_cooldown),
        key=_key(settings),
    )
    taken = []
    for part in _slices(copies):
        left = iter(part)
        before = time.process_time()
        await asyncio.gather(*(_one_by_one(sender, left) for _ in range(settings.connections)))
        taken.append((time.process_time() - before) / len(part))
    await sender.close()
    return median(taken)


async def _one_by_one(sender: Sender, copies: Iterator[Copy]) -> None:
    for copy in copies:
        outcome, _answer = await sender.send(copy)
        if outcome != "answered":
            raise SystemExit(f"a copy ended as {outcome}")


def _key(settings: Settings) -> bytes | None:
    return settings.key.reveal() if settings.key else None
