"""The per-app object behind the doors: one plan at a time, the open captures, the account."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shadowtap import shield
from shadowtap.capture.decorators import MarkedShare
from shadowtap.capture.rate import RateLimit
from shadowtap.capture.selection import Choice, HeaderOf, Plan, Selected
from shadowtap.exchange import Exchange
from shadowtap.outcome import Outcome
from shadowtap.settings import LiveSettings
from shadowtap.telemetry.ledger import Ledger

if TYPE_CHECKING:
    from shadowtap.capture.capture import Capture


class Mirror:
    """What all captures of an app share.

    Args:
        live: The settings in force.
        ledger: Where requests are accounted for.
        hand_over: Takes an exchange on its way to the courier.
        start: Makes sure that the hand-over runs in this process.
    """

    def __init__(
        self,
        live: LiveSettings,
        ledger: Ledger,
        hand_over: Callable[[Exchange], None],
        start: Callable[[], None],
    ) -> None:
        self._live = live
        self.ledger = ledger
        self.hand_over = hand_over
        self._start = start
        self._plan = Plan(live.current)
        self._rate = self._rate_limit()
        self.on_startup: Callable[[], None] = lambda: None
        """Called where a server says that it starts the app."""
        self.on_shutdown: Callable[[], None] = lambda: None
        """Called where a server says that the app has ended; takes as long as queued copies are given."""
        self.open: dict[int, Capture] = {}
        """Captures that nobody has finished yet. Who removes one from here, hands it over."""
        _all.add(self)

    def _rate_limit(self) -> RateLimit | None:
        rate = self._plan.settings.max_rate
        return RateLimit(rate) if rate is not None else None

    @property
    def plan(self) -> Plan:
        """The plan of the settings in force."""
        plan = self._plan
        if plan.settings is not self._live.current:
            plan = self._plan = Plan(self._live.current)
            self._rate = self._rate_limit()
        return plan

    def after_fork(self) -> None:
        """Begin anew in a forked child: the parent's requests are not ours, nor are the locks it may hold."""
        self.open = {}
        self._plan = Plan(self._live.current)
        self._rate = self._rate_limit()

    def closed(self) -> Outcome | None:
        """Return why nothing is mirrored at this moment, if so.

        The hand-over runs from the first request on that may be mirrored; where
        there is a settings file, from the first at all, as it watches the file.
        """
        plan = self.plan
        outcome = plan.closed()
        if outcome is None or plan.settings.config is not None:
            self._start()
        return outcome

    def refuse(self, outcome: Outcome) -> None:
        """Account for a request that is not captured."""
        self.ledger.refuse(self._plan.names, outcome)

    def select(
        self, method: str, path: bytes, header: HeaderOf, source: Mapping[str, Any]
    ) -> Selected | None:
        """Decide on a request, whose ASGI scope or WSGI environ is ``source``.

        ``None`` when it is not to be captured, which is then accounted for.
        """
        plan = self._plan
        always = plan.always
        if always is not None:
            return always
        choice = plan.choose(method, path, header)
        if isinstance(choice, Outcome):
            self.refuse(choice)
            return None
        key = plan.key(source)
        names = None if plan.waits_for_endpoint else self.pick(choice, key, None)
        return None if names == () else Selected(plan, choice, key, names)

    def pick(self, choice: Choice, key: str | None, share: MarkedShare | None) -> tuple[str, ...]:
        """Return the targets that get a copy of a request, and account for those that do not."""
        names = choice.pick(key, share)
        if choice.left_out:
            self.ledger.refuse(choice.left_out, Outcome.EXCLUDED)
        if len(names) < len(choice.names):
            self.ledger.refuse([name for name in choice.names if name not in names], Outcome.NOT_SAMPLED)
        return names

    def within_rate(self) -> bool:
        """Tell whether one more copy may leave in this second."""
        return self._rate is None or self._rate.allows()

    def sweep(self) -> None:
        """Hand over what has streamed its answer for longer than ``capture_timeout``.

        Runs in the writer thread, now and then.
        """
        oldest = time.perf_counter() - self._live.current.capture_timeout
        for capture in list(self.open.values()):
            if capture.answering_since and capture.answering_since < oldest:
                shield.shielded("capture", capture.finish)


_all: weakref.WeakSet[Mirror] = weakref.WeakSet()


def _after_fork() -> None:
    for mirror in list(_all):
        mirror.after_fork()


os.register_at_fork(after_in_child=_after_fork)
