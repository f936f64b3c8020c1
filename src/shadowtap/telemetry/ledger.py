"""The account of a mirror: for each target what was received and how it ended."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from shadowtap.outcome import Outcome

NO_TARGET = "-"
"""Stands for the target of requests that were refused before any target was known."""


class Ledger:
    """Counts by target; received always equals the outcomes plus what is pending.

    Safe to use from any thread. The lock is re-entrant because a finaliser that
    the collector runs inside one of these methods may count as well.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._received: dict[str, int] = {}
        self._outcomes: dict[str, dict[Outcome, int]] = {}

    def refuse(self, targets: Iterable[str], outcome: Outcome) -> None:
        """Count a request that ended here and now, for each target."""
        with self._lock:
            for target in targets:
                self._received[target] = self._received.get(target, 0) + 1
                self._close(target, outcome, 1)

    def accept(self, targets: Iterable[str]) -> None:
        """Count a request whose copies are on their way."""
        with self._lock:
            for target in targets:
                self._received[target] = self._received.get(target, 0) + 1

    def close(self, target: str, outcome: Outcome, number: int = 1) -> None:
        """Count the end of copies that were accepted before."""
        if number:
            with self._lock:
                self._close(target, outcome, number)

    def _close(self, target: str, outcome: Outcome, number: int) -> None:
        outcomes = self._outcomes.setdefault(target, {})
        outcomes[outcome] = outcomes.get(outcome, 0) + number

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Return a copy of the counts by target and outcome."""
        with self._lock:
            return {t: {o.value: n for o, n in counts.items()} for t, counts in self._outcomes.items()}

    def received(self) -> dict[str, int]:
        """Return the number of requests received by target."""
        with self._lock:
            return dict(self._received)

    def pending(self) -> dict[str, int]:
        """Return the number of copies by target that have no outcome yet."""
        with self._lock:
            return {
                target: number - sum(self._outcomes.get(target, {}).values())
                for target, number in self._received.items()
            }

    def reset(self) -> None:
        """Begin anew: in a forked child, where the parent's requests are not ours."""
        self._lock = threading.RLock()
        self._received = {}
        self._outcomes = {}
