"""The writer thread: batches from the buffer to the courier, reports back, restarts with back-off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import shadowtap
from shadowtap import shield, wire
from shadowtap.exceptions import CourierError
from shadowtap.handover.buffer import Buffer
from shadowtap.handover.session import Session
from shadowtap.outcome import Outcome
from shadowtap.settings import LiveSettings, Settings
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter

PAUSE = 0.02
"""Seconds between two looks at the queue: one wake-up then serves many requests, which costs the app less."""

ROOM = 0.005
"""Seconds until a courier that had no room for the whole of a batch is asked again."""

BATCH = 64
"""Exchanges per batch; encoding holds the interpreter lock, so a batch must stay short."""

BATCH_SIZE = 1024 * 1024
"""Bytes per batch."""

MOVES = 8
"""Batches between two pauses."""

BEAT = 0.5
"""Seconds between two looks at the settings file, the courier and the open captures."""

HEALTHY = 5.0
"""Seconds that a courier must have lived to be restarted at once."""

LONGEST_BACKOFF = 60.0


class Writer:
    """Owns the thread and the current session. All methods but ``stop`` run in that thread."""

    def __init__(
        self,
        live: LiveSettings,
        ledger: Ledger,
        buffer: Buffer,
        meter: Meter,
        housekeeping: Callable[[], None],
    ) -> None:
        self._live = live
        self._ledger = ledger
        self._buffer = buffer
        self._housekeeping = housekeeping
        self._meter = meter
        self._session: Session | None = None
        self._thread = threading.Thread(target=self._run, name="shadowtap-handover", daemon=True)
        self._stopping = threading.Event()
        self._deadline = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._next_beat = 0.0
        self._gate: wire.Gate | None = None
        self._told: dict[str, dict[str, int]] = {}
        self.down = False
        """Whether copies are refused because no courier can be had at the moment."""

    def rests(self, target: str) -> bool:
        """Tell whether copies to a target would only meet an open breaker at the moment."""
        session = self._session
        return session is not None and time.monotonic() < session.resting.get(target, 0.0)

    @property
    def resting(self) -> bool:
        """Whether there are such targets, or were a moment ago."""
        session = self._session
        return session is not None and bool(session.resting)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, grace: float) -> None:
        """Ask the thread to drain within ``grace`` seconds, and wait for it as long."""
        self._deadline = time.monotonic() + grace
        self._stopping.set()
        self._buffer.wake()
        self._thread.join(grace + 1.0)

    def disown(self) -> None:
        """Drop the parent's session in a forked child."""
        if self._session is not None:
            self._session.disown()

    def _run(self) -> None:
        while not self._stopping.is_set():
            shield.shielded("hand-over", self._step)
        shield.shielded("shutdown", self._drain)

    def _step(self) -> None:
        # Nothing here may spin: an error inside would otherwise repeat as fast as the machine allows.
        flushed = self._flushed()
        if not len(self._buffer) and flushed:
            self._buffer.wait(BEAT)
        self._stopping.wait(PAUSE if flushed else ROOM)
        now = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + BEAT
            self._beat()
        for _ in range(MOVES):
            self._move(0.0)
            if not len(self._buffer) or not self._flushed():
                break

    def _flushed(self) -> bool:
        """Tell whether the kernel has taken everything that was given so far."""
        return self._session is None or self._session.link.flushed

    def _move(self, timeout: float) -> None:
        """Give the courier one batch, when there is one and it can take it, and hear its reports."""
        if self._session is None and len(self._buffer) and time.monotonic() >= self._retry_at:
            self._begin()
        session = self._session
        if session is None:
            return
        if session.link.flushed and len(self._buffer):
            session.give(self._buffer.take(BATCH, BATCH_SIZE))
        session.turn(0.0 if session.link.flushed else timeout)
        if not session.alive:
            self._lost(session)

    def _begin(self) -> None:
        settings = self._live.current
        try:
            session = Session(settings, self._ledger, self._meter.durations)
        except CourierError as error:
            self._fail(str(error))
            return
        session.link.queue(configure(settings), gate(settings))
        self._gate = gate(settings)
        self._told = {}
        self._session = session
        self.down = False

    def _lost(self, session: Session) -> None:
        self._session = None
        session.end(Outcome.COURIER_DOWN, patience=0.2)
        if time.monotonic() - session.began > HEALTHY:
            self._failures = 0
            shield.report("courier", "lost; it is started again")
        else:
            status = session.child.process.returncode if session.child else None
            detail = _ENDINGS.get(status, f"ended with status {status}") if status else "hung up"
            self._fail(f"{detail} soon after its start")

    def _fail(self, reason: str) -> None:
        """Refuse copies until the next attempt, which comes later with each failure."""
        self._failures += 1
        delay = min(2.0 ** (self._failures - 1), LONGEST_BACKOFF)
        self._retry_at = time.monotonic() + delay
        self.down = True
        self._discard(Outcome.COURIER_DOWN)
        shield.report("courier down", f"{reason}; copies are dropped, next attempt in {delay:.0f} s")

    def _discard(self, outcome: Outcome) -> None:
        while parcels := self._buffer.take(BATCH, BATCH_SIZE):
            for parcel in parcels:
                for target in parcel.targets:
                    self._ledger.close(target, outcome)

    def _beat(self) -> None:
        """Do what has to be done now and then: settings, kill switch, open captures, reports."""
        changed = self._live.refresh()
        self._housekeeping()
        settings = self._live.current
        now_gate = gate(settings)
        if not now_gate.open:
            self._discard(Outcome.PAUSED)
        elif settings.until is not None and time.time() >= settings.until:
            self._discard(Outcome.EXPIRED)
        if self.down and time.monotonic() >= self._retry_at:
            self.down = False
        session = self._session
        if session is None:
            return
        if changed and now_gate.open:
            session.link.queue(configure(settings))
        if now_gate != self._gate:
            self._gate = now_gate
            session.link.queue(now_gate)
        told = self._ledger.outcomes()
        if told != self._told:
            self._told = told
            session.link.queue(wire.Tally(told))
        session.turn(0.0)
        if not session.alive:
            self._lost(session)

    def _drain(self) -> None:
        """Hand over what is left and let the courier finish, both within the deadline."""
        while len(self._buffer) and time.monotonic() < self._deadline and not self.down:
            self._move(0.05)
        self._discard(Outcome.SHUTDOWN)
        session = self._session
        if session is None:
            return
        while not session.link.flushed and session.link.alive and time.monotonic() < self._deadline:
            session.turn(0.05)
        session.link.finish()
        while session.link.alive and time.monotonic() < self._deadline:
            session.turn(0.05)
        session.end(Outcome.SHUTDOWN, patience=max(0.0, self._deadline - time.monotonic()))


_ENDINGS = {78: "cannot run, as something is not installed: see `shadowtap check`; it ended"}
"""What exit statuses of the courier mean."""


def configure(settings: Settings) -> wire.Configure:
    """Select what the courier has to know of the settings."""
    return wire.Configure(
        version=shadowtap.__version__,
        targets=settings.targets,
        timeout=settings.timeout,
        connections=settings.connections,
        http2=settings.http2,
        ca_file=settings.ca_file,
        max_answer=settings.max_answer,
        breaker_failures=settings.breaker_failures,
        breaker_cooldown=settings.breaker_cooldown,
        key=settings.key.reveal() if settings.key else None,
        redact_key=settings.redact_key.reveal() if settings.redact_key else None,
        redact_timeout=settings.redact_timeout,
        redact_memory=settings.redact_memory,
        redact_model=settings.redact_model,
        redact_recognisers=settings.redact_recognisers,
        redact_recogniser_file=settings.redact_recogniser_file,
        redact_countries=settings.redact_countries,
        redact=settings.redact,
        redact_free_text=settings.redact_free_text,
        redact_strict=settings.redact_strict,
        queue_length=settings.queue_length,
        queue_bytes=settings.queue_bytes,
        shutdown_grace=settings.shutdown_grace,
    )


def gate(settings: Settings) -> wire.Gate:
    """Return whether copies may leave under these settings, and until when."""
    return wire.Gate(open=settings.enabled, until=settings.until or 0.0)
