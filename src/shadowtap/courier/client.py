"""One web process, seen from the courier: its frames, its gate, the account of its copies."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from typing import TYPE_CHECKING, cast

from shadowtap import shield, wire
from shadowtap.exceptions import CourierError, SettingsError
from shadowtap.exchange import Exchange
from shadowtap.outcome import Outcome
from shadowtap.peer import peer_uid

if TYPE_CHECKING:
    from shadowtap.courier.pipeline import Courier

REPORT_INTERVAL = 0.25
"""Seconds between two reports to the web process."""

MAX_DURATIONS = 256
"""Durations of answers per target and report; beyond that a report holds the first ones."""

MAX_UNREAD = 4 * 1024 * 1024
"""Bytes of reports that a web process may leave unread before it is hung up on."""


class Client(asyncio.Protocol):
    """A connection. Exchanges on it hold under the last ``Configure`` and ``Gate`` before them."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._reader = wire.FrameReader()
        self._transport: asyncio.Transport | None = None
        self._report_timer: asyncio.TimerHandle | None = None
        self.configuration: wire.Configure | None = None
        self.gate = wire.Gate(open=True)
        self.counts: wire.Counts = {}
        self.web: wire.Counts = {}
        """What the web process itself counted, for ``status``."""
        self._durations: dict[str, list[float]] = {}
        self.open = 0
        """Copies without an outcome yet."""
        self.next_trouble: dict[str, float] = {}
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport; hang up on a process of another user."""
        self._transport = cast(asyncio.Transport, transport)
        if not _trusted(self._transport.get_extra_info("socket")):
            self._transport.abort()
            return
        self._courier.clients.add(self)

    def data_received(self, data: bytes) -> None:
        """Take frames; a peer that cannot be understood or served is told why and hung up on."""
        if shield.shielded("courier", self._feed, data) is None:
            self._hang_up("it sent something that broke this end")

    def _feed(self, data: bytes) -> bool:
        try:
            for payload in self._reader.feed(data):
                self._take(wire.decode(payload))
        except (CourierError, SettingsError) as error:
            self._hang_up(str(error))
        return True

    def _hang_up(self, reason: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._courier.trouble("courier", f"hung up on a web process: {reason}", self)
            self._transport.close()

    def _take(self, frame: wire.Frame) -> None:
        if isinstance(frame, Exchange):
            if self.configuration is None:
                raise CourierError("an exchange before any configuration")
            self.open += len(frame.targets)
            self._courier.ledger.accept(frame.targets)
            self._courier.submit(self, self.configuration, frame)
        elif isinstance(frame, wire.Configure):
            self._courier.check(frame)
            self.configuration = frame
            self._courier.retire()
        elif isinstance(frame, wire.Gate):
            self.gate = frame
        elif isinstance(frame, wire.Tally):
            self.web = frame.counts
        elif isinstance(frame, wire.StatusQuery):
            self._write(wire.encode(self._courier.status()))

    def closed(self) -> Outcome | None:
        """Return why copies of this web process must not leave at this moment, if so."""
        if not self.gate.open:
            return Outcome.PAUSED
        if self.gate.until and time.time() >= self.gate.until:
            return Outcome.EXPIRED
        return None

    def count(self, target: str, outcome: Outcome, duration: float | None = None) -> None:
        """Account for the end of a copy, and report it soon."""
        outcomes = self.counts.setdefault(target, {})
        outcomes[outcome.value] = outcomes.get(outcome.value, 0) + 1
        self.open -= 1
        self._courier.ledger.close(target, outcome)
        if duration is not None:
            self._courier.meter.durations(target, [duration])
            durations = self._durations.setdefault(target, [])
            if len(durations) < MAX_DURATIONS:
                durations.append(duration)
        if self._report_timer is None:
            loop = asyncio.get_running_loop()
            self._report_timer = loop.call_later(REPORT_INTERVAL, self.report)

    def report(self) -> None:
        """Send the counts to the web process now."""
        if self._report_timer is not None:
            self._report_timer.cancel()
            self._report_timer = None
        resting = self._courier.resting(self.configuration)
        self._write(wire.encode(wire.Tally(self.counts, self._durations, resting)))
        self._durations = {}

    def tell(self, trouble: wire.Trouble) -> None:
        """Have a trouble logged by the web process."""
        self._write(wire.encode(trouble))

    def _write(self, data: bytearray) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > MAX_UNREAD:
            transport.abort()
        else:
            transport.write(bytes(data))

    def eof_received(self) -> bool:
        """Go on writing: the web process has ended its side, and waits for the rest of the account."""
        self.gone.set()
        self._courier.left(self)
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget the web process; its copies in flight go on to their end."""
        self._transport = None
        if not self.gone.is_set():
            self.gone.set()
            self._courier.left(self)

    def account(self) -> wire.Counts:
        """Return all outcomes of this web process, those that it counted by itself included."""
        counts = {target: dict(outcomes) for target, outcomes in self.web.items()}
        for target, outcomes in self.counts.items():
            known = counts.setdefault(target, {})
            for outcome, number in outcomes.items():
                # The web process adds up what we report to it, with a delay.
                known[outcome] = max(known.get(outcome, 0), number)
        return counts

    def close(self) -> None:
        """Send the last report and hang up."""
        if self._transport is not None:
            self.report()
            self._transport.close()


def _trusted(sock: socket.socket) -> bool:
    return peer_uid(sock) in (None, 0, os.geteuid())
