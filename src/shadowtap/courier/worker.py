"""The courier's end of a redacting process: batches out, answers back, and a watch on it meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import cast

from shadowtap import shield, wire
from shadowtap.courier import batch
from shadowtap.courier.usage import Usage, usage

TICK = 0.1
"""Seconds between two looks at a process that is at work."""

SLACK = 0.5
"""Seconds beyond the time limit of a request, in which redaction should have ended by itself."""

START = 300.0
"""Seconds that loading Presidio and the models of recognisers may take."""


class Worker(asyncio.Protocol):
    """A redacting process, or one that is about to begin."""

    def __init__(self, progress: batch.Progress, lost: Callable[[], None]) -> None:
        """Take the memory that it shares with us, and what to call when it ends that was well and idle."""
        self.progress = progress
        self._lost = lost
        self._reader = wire.FrameReader()
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[list[batch.Answer] | None] | None = None
        self._answered = False
        self.alive = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def give(self, tasks: list[batch.Task]) -> asyncio.Future[list[batch.Answer] | None]:
        """Hand it a batch; return the answers to come, ``None`` when it ends before it has given them."""
        self._reply = asyncio.get_running_loop().create_future()
        if self._transport is None or not self.alive:
            self._reply.set_result(None)
        else:
            self._transport.write(bytes(batch.frame(tasks)))
        return self._reply

    def data_received(self, data: bytes) -> None:
        """Take an answer; one that cannot be read is as good as none."""
        if shield.shielded("redaction", self._take, data) is None and self._transport is not None:
            self._transport.abort()

    def _take(self, data: bytes) -> bool:
        for payload in self._reader.feed(data):
            answers = batch.answers.decode(payload)
            self._answered = True
            if self._reply is not None and not self._reply.done():
                self._reply.set_result(answers)
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Say that there will be no answer."""
        if not self.alive:
            return
        self.alive = False
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(None)
        elif self._answered:
            self._lost()

    def close(self) -> None:
        """Hang up on it, which ends it unless it hangs."""
        self.alive = False
        if self._transport is not None:
            self._transport.abort()
        self.progress.close()


class Watch:
    """Looks at a process while it is at a batch, and ends it when a task takes too long or too much.

    What counts is the time in which the process runs or waits by itself. A
    process that only waits for the processor, because the app needs that, is
    not to blame.
    """

    def __init__(
        self,
        progress: batch.Progress,
        limits: Sequence[float],
        memory: int,
        nursery: int,
        kill: Callable[[], None],
    ) -> None:
        """Begin.

        Args:
            progress: Of the process.
            limits: Seconds that each task may take.
            memory: Bytes by which it may grow.
            nursery: Process id of its parent, which may still be loading Presidio.
            kill: Ends that.
        """
        self._progress = progress
        self._limits = limits
        self._memory = memory
        self._nursery = nursery
        self._kill = kill
        self._at: tuple[int, int] | None = None
        self._spent = 0.0
        self._before: tuple[float, Usage | None] = (0.0, None)
        self.ended = False
        """Whether it had to be ended."""
        self._timer = asyncio.get_running_loop().call_later(TICK, self._look)

    def close(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        pid, task = self._progress.pid, self._progress.task
        now = time.monotonic(), usage(pid or self._nursery)
        if (pid, task) == self._at:
            self._spent += _spent(self._before, now)
        else:
            self._at, self._spent = (pid, task), 0.0
        self._before = now
        limits = self._limits[task : task + 1] if task >= 0 else self._limits
        limit = max(limits, default=0.0) + SLACK if pid else START
        if self._spent > limit or (pid and growth(pid, self._nursery) > 2 * self._memory):
            self.ended = True
            self._end(pid)
        self._timer = asyncio.get_running_loop().call_later(TICK, self._look)

    def _end(self, pid: int) -> None:
        if pid:
            # Its parent waits for it only when the next one is asked for, so the id is still its own.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        else:
            self._kill()


def _spent(before: tuple[float, Usage | None], now: tuple[float, Usage | None]) -> float:
    # We may have waited for the processor as well, and the process may have waited for us meanwhile.
    elapsed = min(now[0] - before[0], 2 * TICK)
    if before[1] is None or now[1] is None or not now[1].runs:
        return elapsed
    return now[1].cpu - before[1].cpu


def growth(pid: int, nursery: int) -> int:
    """Return the bytes that a process has beyond what it began with; 0 where the platform does not tell."""
    own, parent = usage(pid), usage(nursery)
    return own.resident - parent.resident if own and parent else 0
