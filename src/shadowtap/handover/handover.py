"""The hand-over: what the doors call, and what happens around fork and exit."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable

import msgspec

from shadowtap import shield
from shadowtap.exceptions import CourierError
from shadowtap.exchange import Exchange
from shadowtap.handover.buffer import Buffer
from shadowtap.handover.parcel import pack
from shadowtap.handover.writer import Writer
from shadowtap.outcome import Outcome
from shadowtap.settings import LiveSettings
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter


class Handover:
    """Gives exchanges to the courier through a buffer and one daemon thread.

    Nothing is started before the first call of ``start`` or ``put``. A forked
    child begins with nothing: an empty buffer, an empty ledger, no thread.
    """

    def __init__(self, live: LiveSettings, ledger: Ledger) -> None:
        self._live = live
        self._ledger = ledger
        self.housekeeping: Callable[[], None] = lambda: None
        """Called now and then in the writer thread."""
        self._meter: Meter | None = None
        self._clear()
        _all.add(self)

    def _clear(self) -> None:
        settings = self._live.current
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._closed = False
        self._buffer = Buffer(settings.queue_length, settings.queue_bytes)
        self._writer: Writer | None = None

    def put(self, exchange: Exchange) -> None:
        """Queue an exchange for the courier and account for it. Never waits."""
        if self._writer is None:
            self.start()
        writer = self._writer
        if self._closed:
            self._ledger.refuse(exchange.targets, Outcome.SHUTDOWN)
        elif writer is not None and writer.down:
            self._ledger.refuse(exchange.targets, Outcome.COURIER_DOWN)
        elif self._buffer.full:
            self._ledger.refuse(exchange.targets, Outcome.QUEUE_FULL)
        elif writer is not None and writer.resting:
            self._put_for_some(exchange, writer)
        else:
            self._accept(exchange)

    def _put_for_some(self, exchange: Exchange, writer: Writer) -> None:
        """Queue an exchange for those of its targets whose shadow is not left alone by its breaker."""
        resting = tuple(target for target in exchange.targets if writer.rests(target))
        self._ledger.refuse(resting, Outcome.BREAKER_OPEN)
        rest = tuple(target for target in exchange.targets if target not in resting)
        if rest:
            self._accept(msgspec.structs.replace(exchange, targets=rest) if resting else exchange)

    def _accept(self, exchange: Exchange) -> None:
        self._ledger.accept(exchange.targets)
        outcome = self._queue(exchange)
        if outcome is not None:
            for target in exchange.targets:
                self._ledger.close(target, outcome)

    def _queue(self, exchange: Exchange) -> Outcome | None:
        """Put an exchange into the buffer; return how it ended if it could not be."""
        try:
            parcel = pack(exchange)
        except CourierError as error:
            shield.report("hand-over", str(error))
            return Outcome.REDACTION_FAILED
        return None if self._buffer.put(parcel) else Outcome.QUEUE_FULL

    def start(self) -> None:
        """Start the writer thread, once per process."""
        pid = os.getpid()
        if self._pid != pid:  # uWSGI forks without telling Python
            self._pid = pid
            self.after_fork()
        if self._writer is not None or self._closed:
            return
        # A finaliser may come here while this thread holds the lock: it then leaves the start to it.
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._writer is None:
                # One meter for all writers, also those of later starts and forks: names register once.
                self._meter = self._meter or Meter(self._ledger)
                writer = Writer(self._live, self._ledger, self._buffer, self._meter, self.housekeeping)
                writer.start()
                self._writer = writer
        except RuntimeError:
            # The limit of threads is reached, or the interpreter is ending. Copies wait for a later attempt.
            shield.report("hand-over", "its thread cannot be started")
        finally:
            self._lock.release()

    def close(self) -> None:
        """Drain within ``shutdown_grace`` seconds and end; what is left over counts as ``shutdown``."""
        self._closed = True
        writer = self._writer
        if writer is not None and self._pid == os.getpid():
            writer.stop(self._live.current.shutdown_grace)

    def reopen(self) -> None:
        """Take copies again after a ``close``: some servers start an app more than once in a process."""
        if self._closed:
            self._clear()

    def after_fork(self) -> None:
        """Begin anew in a forked child."""
        writer = self._writer
        if writer is not None:
            writer.disown()
        self._ledger.reset()
        self._clear()


_all: weakref.WeakSet[Handover] = weakref.WeakSet()


def _after_fork() -> None:
    for handover in list(_all):
        handover.after_fork()


def _at_exit() -> None:
    for handover in list(_all):
        handover.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
