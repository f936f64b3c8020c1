"""One life of a courier, as the web process sees it: what it was given and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from shadowtap import shield, wire
from shadowtap.exceptions import CourierError
from shadowtap.handover.child import Child
from shadowtap.handover.link import Link, connect
from shadowtap.handover.parcel import Parcel
from shadowtap.outcome import Outcome
from shadowtap.settings import Settings
from shadowtap.telemetry.ledger import Ledger

WEDGED = 60.0
"""Seconds without any sign of life after which a courier is killed that was given work.

They count from when the last copy must have ended: until then it may just be waiting for the shadow.
"""

Durations = Callable[[str, Iterable[float]], None]
"""Takes a target and the seconds that its answers took."""


class Session:
    """A running courier (a child, or a connection to a shared one) and the account of its copies."""

    def __init__(self, settings: Settings, ledger: Ledger, durations: Durations) -> None:
        """Start or connect.

        Raises:
            CourierError: that failed.
        """
        own = settings.courier == "child"
        self.child = Child(settings.courier_priority) if own else None
        self.link: Link = self.child.link if self.child else connect(settings.courier.removeprefix("unix://"))
        self.began = time.monotonic()
        self._ledger = ledger
        self._durations = durations
        self._timeout = settings.timeout
        self.resting: dict[str, float] = {}
        """Targets whose breaker is open, and until when (monotonic seconds)."""
        self._given: dict[str, int] = {}
        self._closed: dict[str, dict[str, int]] = {}
        self._sign = self.began
        self._progress = 0

    def give(self, parcels: Iterable[Parcel]) -> None:
        """Queue exchanges for the courier; from here on their outcomes are its to report."""
        for targets, content, _ in parcels:
            try:
                payload = content if isinstance(content, bytes) else wire.payload(content)
            except CourierError as error:
                # No other copy is to suffer from it.
                shield.report("hand-over", str(error))
                for target in targets:
                    self._ledger.close(target, Outcome.REDACTION_FAILED)
                continue
            self.link.queue_payload(payload)
            for target in targets:
                self._given[target] = self._given.get(target, 0) + 1

    def turn(self, timeout: float) -> None:
        """Move bytes both ways for at most ``timeout`` seconds, and account for what was reported."""
        frames = self.link.turn(timeout)
        if frames or self.link.progress != self._progress or not self.unsettled:
            self._progress = self.link.progress
            self._sign = time.monotonic()
        for frame in frames:
            if isinstance(frame, wire.Tally):
                self._account(frame)
            elif isinstance(frame, wire.Trouble):
                shield.report(frame.kind, frame.text)

    def _account(self, tally: wire.Tally) -> None:
        now = time.monotonic()
        self.resting = {target: now + seconds for target, seconds in tally.resting.items()}
        for target, outcomes in tally.counts.items():
            closed = self._closed.setdefault(target, {})
            for outcome, number in outcomes.items():
                self._ledger.close(target, Outcome(outcome), number - closed.get(outcome, 0))
                closed[outcome] = number
        for target, seconds in tally.durations.items():
            self._durations(target, seconds)

    @property
    def unsettled(self) -> int:
        """Copies that were given and have no outcome yet."""
        return sum(self._given.values()) - sum(sum(o.values()) for o in self._closed.values())

    @property
    def alive(self) -> bool:
        """Whether the courier is there and shows signs of life."""
        return self.link.alive and time.monotonic() - self._sign < self._timeout + WEDGED

    def end(self, outcome: Outcome, *, patience: float = 0.0) -> None:
        """Close, wait ``patience`` seconds for the courier's end, count what it did not report.

        A child that has not ended by then drains on its own and ends by its own
        deadline, unless it is wedged: that one is killed.
        """
        wedged = self.link.alive and not self.alive
        self.link.close()
        for target, given in self._given.items():
            self._ledger.close(target, outcome, given - sum(self._closed.get(target, {}).values()))
        self._given.clear()
        self._closed.clear()
        if self.child is not None:
            if wedged:
                self.child.kill()
            elif not self.child.wait(patience):
                self.child.leave()

    def disown(self) -> None:
        """Let go in a forked child: the parent's courier is not ours."""
        self.link.close()
        if self.child is not None:
            self.child.disown()
