"""When to leave a failing target alone: a state machine without clock, thread or loop of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from enum import StrEnum

LONGEST_COOLDOWN = 30.0
"""Seconds; doubling stops here."""

PROBING = 0.5
"""Seconds for which one may take it that a probe has not come to its end."""

_JITTER = 0.2


class State(StrEnum):
    """What a breaker does with the next copy."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Opens after failures in a row, then lets one probe through at growing intervals.

    ``admit`` hands out a ticket, and what became of the copy is reported with
    it. A ticket from before the last change of state is void: copies that were
    in flight when the breaker opened neither prolong the pause nor end it.

    Args:
        failures: how many failures in a row open it; at least 1.
        cooldown: seconds until the first probe. Doubles with each probe that
            fails, up to 30 s (or to ``cooldown``, if that is longer).
        clock: monotonic seconds.
        jitter: a number in [0, 1); shortens each pause by up to a fifth, so that
            the probes of many processes spread out.
    """

    def __init__(
        self,
        failures: int,
        cooldown: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._failures = failures
        self._cooldown = cooldown
        self._clock = clock
        self._jitter = jitter
        self._state = State.CLOSED
        self._term = 0
        self._count = 0
        self._pause = cooldown
        self._retry_at = 0.0

    @property
    def state(self) -> State:
        """Return the state; an open breaker whose pause is over stays open until it is asked to admit."""
        return self._state

    def blocks(self) -> bool:
        """Tell whether a copy would be refused now. Changes nothing."""
        if self._state is State.OPEN:
            return self._clock() < self._retry_at
        return self._state is State.HALF_OPEN

    def rest(self) -> float:
        """Return the seconds for which copies are of no use; 0 when the next one might be admitted.

        While a probe is under way nobody knows, so that is half a second each time.
        """
        if self._state is State.OPEN:
            return max(0.0, self._retry_at - self._clock())
        return PROBING if self._state is State.HALF_OPEN else 0.0

    def admit(self) -> int | None:
        """Return the ticket of a copy that may be sent, or ``None``."""
        if self.blocks():
            return None
        if self._state is State.OPEN:
            self._enter(State.HALF_OPEN)
        return self._term

    def succeeded(self, ticket: int) -> None:
        """Report that the target answered."""
        if ticket != self._term:
            return
        self._count = 0
        if self._state is State.HALF_OPEN:
            self._pause = self._cooldown
            self._enter(State.CLOSED)

    def failed(self, ticket: int) -> None:
        """Report a failure of the target."""
        if ticket != self._term:
            return
        self._count += 1
        if self._state is State.HALF_OPEN:
            self._pause = min(self._pause * 2, max(LONGEST_COOLDOWN, self._cooldown))
            self._open(self._pause)
        elif self._count >= self._failures:
            self._open(self._pause)

    def withdrawn(self, ticket: int) -> None:
        """Report that the copy was called off, which says nothing about the target; the next may probe."""
        if ticket == self._term and self._state is State.HALF_OPEN:
            self._open(0.0)

    def _open(self, pause: float) -> None:
        self._retry_at = self._clock() + pause * (1 - _JITTER * self._jitter())
        self._enter(State.OPEN)

    def _enter(self, state: State) -> None:
        self._state = state
        self._count = 0
        self._term += 1
