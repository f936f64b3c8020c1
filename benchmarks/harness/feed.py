"""A courier that is fed over its socket as a web process would feed it, as fast as it takes copies."""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shadowtap.exchange import CapturedRequest, CapturedResponse, Exchange
from shadowtap.handover.parcel import pack
from shadowtap.handover.session import Session
from shadowtap.handover.writer import configure, gate
from shadowtap.outcome import Outcome
from shadowtap.settings import Settings, load
from shadowtap.telemetry.ledger import Ledger

from . import traffic
from .control import Process
from .cores import tree_cpu_seconds

AHEAD = 1000
"""Copies that the courier is given beyond those that it has reported."""

BATCH = 64
"""Copies given at once, as many as the writer thread of a web process gives."""


def settings(url: str) -> Settings:
    """Return settings under which no copy is late and none finds the queue full."""
    return load(
        environ={},
        target=url,
        key="k" * 32,
        redact_key="r" * 32,
        timeout=60,
        queue_length=2 * AHEAD,
        shutdown_grace=10,
        # Alone on its core that changes nothing; elsewhere it has its share, and the run an end.
        courier_priority="normal",
    )


def captured(number: int, seed: int) -> list[CapturedRequest]:
    """Return captured POSTs of 1 KB of JSON; no two have a person in common."""
    chance = random.Random(seed)
    made = []
    for _ in range(number):
        body = traffic.order_body(chance)
        fields = (
            *traffic.fields(chance),
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        )
        made.append(
            CapturedRequest("POST", "http", b"/orders", b"", fields, (body,), "198.51.100.7", "/orders")
        )
    return made


def exchanges(requests: Sequence[CapturedRequest], target: str) -> Iterator[Exchange]:
    """Give exchanges of just now, one after the other without end."""
    fields = ((b"content-length", b"13"), (b"content-type", b"application/json"))
    answer = CapturedResponse(200, fields, (b'{"size":1056}',), False, 0.001)
    for number, request in enumerate(itertools.cycle(requests)):
        yield Exchange(f"{number:032x}", (target,), request, answer, time.time())


class Steady(NamedTuple):
    """What a courier did while it always had work."""

    rate: float
    """Copies that arrived at the shadow per second."""
    cpu: float
    """CPU seconds of the courier per copy."""
    share: float
    """Of its core that the courier had."""
    account: dict[str, dict[str, int]]
    """Outcomes of all copies from the first to the last."""
    given: int
    arrived: int


class Feed:
    """A courier on one core, fed from another.

    Args:
        requests: What it is given, again and again.
        shadow: Where it sends them.
        cores: Of the courier, and ours.
    """

    def __init__(self, requests: Sequence[CapturedRequest], shadow: Process, cores: tuple[int, int]) -> None:
        self._shadow = shadow
        self._ledger = Ledger()
        chosen = settings(shadow.url)
        self._exchanges = exchanges(requests, chosen.targets[0].name)
        # A child inherits the core.
        os.sched_setaffinity(0, {cores[0]})
        try:
            self._session = Session(chosen, self._ledger, lambda _target, _seconds: None)
        finally:
            os.sched_setaffinity(0, {cores[1]})
        assert self._session.child is not None
        self._pid = self._session.child.process.pid
        self._session.link.queue(configure(chosen), gate(chosen))
        self._given = 0

    def run(self, warm_up: float, seconds: float) -> Steady:
        """Keep it busy, and return what it did in the last of these seconds."""
        while not self._arrived():
            self._keep_busy(0.1)
        self._keep_busy(warm_up)
        arrived, used, began = self._arrived(), tree_cpu_seconds(self._pid), time.perf_counter()
        self._keep_busy(seconds)
        number = self._arrived() - arrived
        cpu, elapsed = tree_cpu_seconds(self._pid) - used, time.perf_counter() - began
        while self._session.unsettled and self._session.alive:
            self._session.turn(0.1)
        account = self._ledger.outcomes()
        everything = self._arrived()
        self._session.link.finish()
        self._session.end(Outcome.COURIER_DOWN, patience=10)
        return Steady(number / elapsed, cpu / number, cpu / elapsed, account, self._given, everything)

    def _keep_busy(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if self._session.unsettled <= AHEAD - BATCH and self._session.link.flushed:
                self._session.give(map(pack, itertools.islice(self._exchanges, BATCH)))
                self._given += BATCH
            self._session.turn(0.01)
            if not self._session.alive:
                raise SystemExit("the courier has ended")

    def _arrived(self) -> int:
        return int(self._shadow.ask()["copies"])
