"""The one place where the stages meet: exchanges in, redacted, sent, accounted for."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import shadowtap
from shadowtap import shield, wire
from shadowtap.courier.client import Client
from shadowtap.courier.delivery import Delivery
from shadowtap.courier.isolation import Isolation, Redaction, Stopped
from shadowtap.courier.job import Job
from shadowtap.courier.usage import cpu_seconds, resident_bytes
from shadowtap.exceptions import CourierError, NotRedacted, UnsupportedBody
from shadowtap.exchange import Exchange, RedactedRequest
from shadowtap.outcome import Outcome
from shadowtap.send.copy import Copy
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter as OtelMeter

BATCH = 16
"""Exchanges that the redacting process gets at once: enough to share the cost of the way there."""

BATCH_BYTES = 1024 * 1024
"""Bytes of bodies in a batch, unless a single exchange has more."""

TROUBLE_INTERVAL = 5.0
"""Seconds between two messages about the same kind of trouble to a web process, which logs fewer of them."""

GRACE = 3.0
"""Seconds for draining before any configuration has said otherwise."""


class Courier:
    """The state of a courier: its clients, its queue, its deliveries."""

    def __init__(self, meter: OtelMeter | None = None, redaction: Redaction | None = None) -> None:
        self.clients: set[Client] = set()
        self.ledger = Ledger()
        """The copies of all clients; a web process has a ledger of its own for what it refused as well."""
        self.meter = Meter(self.ledger, meter)
        self._queue: deque[Job] = deque()
        self._queued_bytes = 0
        self._deliveries: dict[wire.Configure, Delivery] = {}
        self._retired: list[Delivery] = []
        self._redaction = redaction or Isolation()
        self._sending: set[asyncio.Task[None]] = set()
        self._settling: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Event()
        self._busy = False
        self._closing = False
        self._began = time.monotonic()
        self._gone: wire.Counts = {}
        self._pump = asyncio.ensure_future(self._run())

    def check(self, configuration: wire.Configure) -> None:
        """Take note of a configuration that a client sent.

        Raises:
            CourierError: it comes from another release.
        """
        if configuration.version != shadowtap.__version__:
            raise CourierError(f"it runs shadowtap {configuration.version}, this is {shadowtap.__version__}")
        if configuration not in self._deliveries:
            self._deliveries[configuration] = Delivery(configuration)
            self._redaction.prepare(self._deliveries)

    def resting(self, configuration: wire.Configure | None) -> dict[str, float]:
        """Return which targets of a configuration are left alone, and for how many seconds more."""
        delivery = self._deliveries.get(configuration) if configuration is not None else None
        return delivery.resting() if delivery is not None else {}

    def submit(self, client: Client, configuration: wire.Configure, exchange: Exchange) -> None:
        """Queue an exchange, if there is room: the socket is always read on, so no ``Gate`` is late."""
        job = Job(client, self._deliveries[configuration], exchange)
        if self._closing:
            job.end(Outcome.SHUTDOWN)
        elif (
            len(self._queue) >= configuration.queue_length
            or self._queued_bytes + job.size > configuration.queue_bytes
        ):
            job.end(Outcome.QUEUE_FULL)
        else:
            self._queue.append(job)
            self._queued_bytes += job.size
            self._arrived.set()

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            self._busy = True
            while jobs := self._take():
                await self._redact(jobs)
            self._busy = False

    def _take(self) -> list[Job]:
        """Remove the oldest jobs from the queue, and end those that must not be sent any more."""
        jobs: list[Job] = []
        size = 0
        while self._queue and len(jobs) < BATCH and (not jobs or size + self._queue[0].size <= BATCH_BYTES):
            job = self._queue.popleft()
            self._queued_bytes -= job.size
            closed = job.client.closed()
            if closed is not None:
                job.end(closed)
            elif job.deadline() <= time.monotonic():
                job.end(Outcome.TIMEOUT)
            elif job.delivery.blocked(job.exchange.targets):
                job.end(Outcome.BREAKER_OPEN)  # not worth the redaction
            else:
                jobs.append(job)
                size += job.size
        return jobs

    async def _redact(self, jobs: list[Job]) -> None:
        work = [(job.delivery.configuration, job.exchange) for job in jobs]
        try:
            redacted = await self._redaction.redact(work)
        except BaseException:  # cancelled, at the end of the time for draining
            for job in jobs:
                job.end(Outcome.SHUTDOWN)
            raise
        for job, result in zip(jobs, redacted, strict=True):
            if isinstance(result, UnsupportedBody):
                job.end(Outcome.UNSUPPORTED_BODY)
            elif isinstance(result, NotRedacted):
                job.end(Outcome.REDACTION_FAILED)
                kind = "redaction stopped" if isinstance(result, Stopped) else "redaction failed"
                self.trouble(kind, f"{result}; such copies are not sent", job.client)
            else:
                for target in job.exchange.targets:
                    self._send(job, target, result)

    def _send(self, job: Job, target: str, request: RedactedRequest) -> None:
        copy = Copy(
            id=job.exchange.id,
            request=request,
            set_headers=job.exchange.set_headers,
            link=job.exchange.traceparent,
            until=job.exchange.until,
            deadline=job.deadline(),
        )
        task = asyncio.ensure_future(self._deliver(job, target, copy))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, job: Job, target: str, copy: Copy) -> None:
        try:
            outcome, answer = await job.delivery.send(target, copy, partial(job.closed, target))
        except asyncio.CancelledError:
            job.count(target, Outcome.SHUTDOWN)
            return
        job.count(target, outcome, answer.duration if answer else None)
        if self._retired:
            await self._close_retired()
        if outcome in _TROUBLES:
            self.trouble(outcome.value, f"copies to {target} end in {outcome.value}", job.client)

    def trouble(self, kind: str, text: str, client: Client | None = None) -> None:
        """Have something logged: by the web process that it concerns, and here."""
        shield.report(kind, text)
        if client is not None and time.monotonic() >= client.next_trouble.get(kind, 0.0):
            client.next_trouble[kind] = time.monotonic() + TROUBLE_INTERVAL
            client.tell(wire.Trouble(kind, text))

    def left(self, client: Client) -> None:
        """Close the account of a client that will send nothing more, as soon as its copies have ended."""
        task = asyncio.ensure_future(self._settle(client))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, client: Client) -> None:
        deadline = time.monotonic() + _grace([client])
        # Many tasks change the number, and there is a deadline.
        while client.open and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        self.clients.discard(client)
        wire.add(self._gone, client.account())
        client.close()
        self.retire()
        await self._close_retired()

    def retire(self) -> None:
        """Put deliveries aside that no client is configured for any more."""
        used = {client.configuration for client in self.clients}
        for configuration in [known for known in self._deliveries if known not in used]:
            self._retired.append(self._deliveries.pop(configuration))

    async def _close_retired(self) -> None:
        """Close those of them whose last copy has ended."""
        ended = [delivery for delivery in self._retired if not delivery.open]
        self._retired = [delivery for delivery in self._retired if delivery.open]
        for delivery in ended:
            await delivery.close()

    async def broken(self) -> None:
        """Return when redaction cannot go on here: a fresh process may do better."""
        await asyncio.wait((self._pump,))
        error = None if self._pump.cancelled() else self._pump.exception()
        if error is not None:
            self.trouble("courier", str(error) if isinstance(error, CourierError) else shield.where(error))

    async def close(self) -> None:
        """Drain within the grace time; what is left then ends as ``shutdown``."""
        self._closing = True
        deadline = time.monotonic() + _grace(self.clients)
        while self._working() and time.monotonic() < deadline:  # noqa: ASYNC110 - as in _settle
            await asyncio.sleep(0.01)
        while self._queue:
            self._queue.popleft().end(Outcome.SHUTDOWN)
        for task in (self._pump, *self._sending):
            task.cancel()
        await asyncio.wait((self._pump, *self._sending), timeout=0.5)
        if self._settling:
            await asyncio.wait(self._settling, timeout=0.5)
        for client in list(self.clients):
            client.close()
        for delivery in (*self._deliveries.values(), *self._retired):
            await delivery.close()
        self._redaction.close()

    def _working(self) -> bool:
        redacting = not self._pump.done() and (self._queue or self._busy)
        return bool(redacting or self._sending)

    def status(self) -> wire.Status:
        """Return what ``shadowtap status`` shows."""
        counts: wire.Counts = {}
        for tally in [self._gone, *(client.account() for client in self.clients)]:
            wire.add(counts, tally)
        breakers = {
            name: breaker.state.value
            for delivery in self._deliveries.values()
            for name, breaker in delivery.breakers.items()
        }
        return wire.Status(
            pid=os.getpid(),
            version=shadowtap.__version__,
            uptime=time.monotonic() - self._began,
            clients=sum(1 for client in self.clients if client.configuration is not None),
            queued=len(self._queue),
            in_flight=len(self._sending),
            memory=resident_bytes(*self._redaction.processes),
            cpu=cpu_seconds(*self._redaction.processes),
            counts=counts,
            pending={target: number for target, number in self.ledger.pending().items() if number},
            breakers=breakers,
            restarts=self._redaction.restarts,
        )


_TROUBLES = frozenset(
    {Outcome.TIMEOUT, Outcome.CONNECT_ERROR, Outcome.TLS_ERROR, Outcome.PROTOCOL_ERROR, Outcome.BREAKER_OPEN}
)


def _grace(clients: Sequence[Client] | set[Client]) -> float:
    return max((c.configuration.shutdown_grace for c in clients if c.configuration), default=GRACE)
