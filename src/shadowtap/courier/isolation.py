"""Redaction in a process of its own, which may hang, crash or grow without harm to the courier."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from shadowtap import shield, wire
from shadowtap.courier import batch
from shadowtap.courier.forks import Forks
from shadowtap.courier.quarantine import Quarantine
from shadowtap.courier.worker import Watch, Worker, growth
from shadowtap.exceptions import CourierError, NotRedacted, RedactionFailed
from shadowtap.exchange import CapturedRequest, Exchange, RedactedRequest

ATTEMPTS = 3
"""Processes in a row that may end before they are at anything; then there is no use in another one."""

MEMORY_INTERVAL = 1.0
"""Seconds between two looks at the memory of the process."""

Work = Sequence[tuple[wire.Configure, Exchange]]
Result = RedactedRequest | NotRedacted


class Stopped(RedactionFailed):
    """Redaction of this request ended its process, or has done so before and was not tried again."""


class Redaction(Protocol):
    """What the pipeline asks of redaction."""

    restarts: int
    """How often its process was replaced because it hung, died or grew."""

    @property
    def processes(self) -> Sequence[int]:
        """The processes that it runs in, besides this one."""

    def prepare(self, configurations: Iterable[wire.Configure]) -> None:
        """Get ready for exchanges under these configurations, and no others."""

    async def redact(self, work: Work) -> list[Result]:
        """Redact a batch.

        Raises:
            CourierError: redaction cannot go on.
        """

    def close(self) -> None:
        """End at once."""


class Death(NamedTuple):
    """A process that ended before it had answered."""

    task: int
    """What it was at, as a number within the batch; ``IDLE`` for nothing."""
    part: str
    begun: bool
    """Whether it came so far as to wait for a task."""
    ended: bool
    """Whether by us, because that took too long or too much."""


class Isolation:
    """Has a process redact, and replaces it when it hangs, dies or has grown."""

    def __init__(self) -> None:
        self.restarts = 0
        self._forks: Forks | None = None
        self._worker: Worker | None = None
        self._wanted: tuple[wire.Configure, ...] = ()
        self._numbers: dict[wire.Configure, int] = {}
        """The configurations that the process knows."""
        self._turn = asyncio.Lock()
        self._quarantine = Quarantine()
        self._look_at = 0.0
        self._beginning: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def processes(self) -> Sequence[int]:
        """The nursery and the process at work."""
        nursery = [self._forks.pid] if self._forks else []
        return [*nursery, *([self._worker.progress.pid] if self._worker and self._worker.alive else [])]

    def prepare(self, configurations: Iterable[wire.Configure]) -> None:
        """Begin to load what these configurations need: Presidio takes a second."""
        self._wanted = tuple(configurations)
        if not self._numbers.keys() >= set(self._wanted):
            self._quarantine.clear()  # what hung may well end under other settings
        self._begin()

    def _begin(self) -> None:
        """Have a process ready when the next copy comes."""
        if not self._closed:
            task = asyncio.ensure_future(self._ready_in_turn())
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    async def _ready_in_turn(self) -> None:
        async with self._turn:
            try:
                await self._ready(self._wanted)
            except CourierError as error:
                shield.report("redaction", str(error))  # and the next copy will end the courier

    def _replace(self) -> None:
        self.restarts += 1
        self._begin()

    async def redact(self, work: Work) -> list[Result]:
        """Redact a batch; what a process dies of is not redacted, the rest is tried again in a new one."""
        results: list[Result | None] = [self._refused(exchange.request) for _, exchange in work]
        idle = 0
        async with self._turn:
            while left := [number for number, result in enumerate(results) if result is None]:
                found = await self._attempt([work[number] for number in left])
                if isinstance(found, Death):
                    self._replace()
                    if 0 <= found.task < len(left):
                        number = left[found.task]
                        results[number] = self._blame(work[number][1].request, found)
                    elif (idle := idle + 1) >= ATTEMPTS:
                        if not found.begun:
                            raise CourierError("redaction does not start")
                        for number in left:
                            results[number] = Stopped("its process ended again and again")
                else:
                    for number, answer in zip(left, found, strict=True):
                        results[number] = answer.error() if isinstance(answer, batch.Refusal) else answer
        return [result for result in results if result is not None]

    async def _attempt(self, work: Work) -> list[batch.Answer] | Death:
        worker, forks = await self._ready([configuration for configuration, _ in work])
        tasks = [
            batch.Task(self._numbers[configuration], exchange.request, exchange.keep_headers)
            for configuration, exchange in work
        ]
        limits = [configuration.redact_timeout for configuration, _ in work]
        watch = Watch(worker.progress, limits, self._memory(), forks.pid, forks.end)
        try:
            answers = await worker.give(tasks)
        finally:
            watch.close()
        if answers is None:
            progress = worker.progress
            return Death(progress.task, progress.part, progress.pid > 0, watch.ended)
        forks.proven = True
        self._renew_if_grown(worker, forks)
        return answers

    async def _ready(self, needed: Sequence[wire.Configure]) -> tuple[Worker, Forks]:
        """Return a process that knows these configurations, and the nursery that it comes from."""
        if self._worker is not None:
            fits = all(configuration in self._numbers for configuration in needed)
            if fits and self._worker.alive and self._forks is not None:
                return self._worker, self._forks
            self._worker.close()
            self._worker = None
        known = list(dict.fromkeys((*self._wanted, *needed)))
        self._numbers = {configuration: number for number, configuration in enumerate(known)}
        try:
            forks = self._forks = self._forks or Forks()
            sock, progress = forks.fork(known)
        except CourierError:
            self._end_forks()  # one that never came to redact anything is not tried a second time
            forks = self._forks = Forks()
            sock, progress = forks.fork(known)
        worker = self._worker = Worker(progress, self._replace)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=sock)
        return worker, forks

    def _end_forks(self) -> None:
        forks, self._forks = self._forks, None
        if forks is not None:
            forks.end()
        if forks is None or not forks.proven:
            raise CourierError("the process that loads Presidio has ended")

    def _renew_if_grown(self, worker: Worker, forks: Forks) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + MEMORY_INTERVAL
        if growth(worker.progress.pid, forks.pid) > self._memory():
            self._worker = None
            worker.close()  # between two batches: nothing is lost but what it remembered
            self._replace()

    def _memory(self) -> int:
        return max(configuration.redact_memory for configuration in self._numbers)

    def _refused(self, request: CapturedRequest) -> Result | None:
        if request not in self._quarantine:
            return None
        return Stopped(f"{_name(request)} stopped redaction before and was not tried again")

    def _blame(self, request: CapturedRequest, death: Death) -> Result:
        self._quarantine.add(request, death.part, proven=death.ended)
        what = "took too much time or memory" if death.ended else "ended the process that redacted it"
        part = f"the {death.part}" if death.part else "a part"
        return Stopped(f"{part} of {_name(request)} {what}")

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._closed = True
        for task in self._beginning:
            task.cancel()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
        forks, self._forks = self._forks, None
        if forks is not None:
            forks.end()


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _name(request: CapturedRequest) -> str:
    """Name a request without anything that the client could have put into it."""
    return f"{request.method if request.method in _METHODS else 'a request'} {request.route}".rstrip()
