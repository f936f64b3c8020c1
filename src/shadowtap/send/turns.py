"""Who may send now: the limit of copies in flight, and all that can keep a waiting copy from leaving."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from shadowtap.outcome import Outcome

from .breaker import Breaker
from .copy import Answer, Copy

Gate = Callable[[], Outcome | None]
"""Asked just before a copy leaves; an outcome keeps it here (the kill switch)."""

Result = tuple[Outcome, Answer | None]

Attempt = Callable[[float], Awaitable[Result]]
"""Sends the copy, given the seconds that it waited; must not raise, except when cancelled."""


class Turns:
    """Lets copies through to one target, a number of them at a time, first come first served.

    Args:
        at_once: copies in flight.
        breaker: hears what became of them.
        fair: seconds that the target must have been given for a time-out to count as its failure.
    """

    def __init__(self, at_once: int, breaker: Breaker, fair: float = 0.0) -> None:
        self.breaker = breaker
        self._fair = fair
        self._slots = asyncio.Semaphore(at_once)
        self._closed = False

    def close(self) -> None:
        """Let none through from now on."""
        self._closed = True

    async def take(self, copy: Copy, gate: Gate | None, limit: float, attempt: Attempt) -> Result:
        """Wait for a turn until ``limit`` (``time.monotonic``), then attempt it if it may still leave."""
        start = time.monotonic()
        if self.breaker.blocks():
            return Outcome.BREAKER_OPEN, None
        if self._slots.locked():
            try:
                async with asyncio.timeout(limit - start):
                    await self._slots.acquire()
            except TimeoutError:
                return Outcome.TIMEOUT, None
        else:
            await self._slots.acquire()
        try:
            refused = self._refusal(copy, gate, limit)
            if refused is not None:
                return refused, None
            return await self._guarded(attempt, time.monotonic() - start, limit)
        finally:
            self._slots.release()

    def _refusal(self, copy: Copy, gate: Gate | None, limit: float) -> Outcome | None:
        if self._closed:
            return Outcome.SHUTDOWN
        if gate is not None and (outcome := gate()) is not None:
            return outcome
        if copy.until and time.time() >= copy.until:
            return Outcome.EXPIRED
        return Outcome.TIMEOUT if time.monotonic() >= limit else None

    async def _guarded(self, attempt: Attempt, waited: float, limit: float) -> Result:
        hurried = limit - time.monotonic() < self._fair
        ticket = self.breaker.admit()
        if ticket is None:
            return Outcome.BREAKER_OPEN, None
        try:
            result = await attempt(waited)
        except BaseException:  # cancelled: a probe that has no result must not block the next one
            self.breaker.withdrawn(ticket)
            raise
        if result[0] is Outcome.ANSWERED:
            self.breaker.succeeded(ticket)
        elif hurried and result[0] is Outcome.TIMEOUT:
            # It had used up its time with us: a courier that cannot keep up is no fault of the shadow's.
            self.breaker.withdrawn(ticket)
        else:
            self.breaker.failed(ticket)
        return result
