"""Doors whose copies end in a list, for tests within one process.

Import the fixture ``collected`` where it is used. Doors made while it is in
force hand over to it. At the end it checks the account: each request has
ended in exactly one way for each target, and nothing is left open.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shadowtap.capture.decorators import seen
from shadowtap.capture.mirror import Mirror
from shadowtap.exchange import Exchange
from shadowtap.settings import LiveSettings
from shadowtap.telemetry.ledger import Ledger

SHADOW = "http://shadow.example:8000"
NAME = "shadow.example:8000"
"""A target and its name. Nothing is ever sent there."""


class Collected:
    """What came through the doors, and how the other requests ended."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.ledger = Ledger()
        self.mirrors: list[Mirror] = []
        self.starts = 0
        """How often a door asked for the hand-over to run."""
        self.sound = True
        """Whether the account is checked at the end; not where the test breaks a part of it."""

    def assemble(self, settings: LiveSettings) -> Mirror:
        """Stand for ``shadowtap.door.assemble``."""
        self.mirrors.append(Mirror(settings, self.ledger, self.take, self.start))
        return self.mirrors[-1]

    def take(self, exchange: Exchange) -> None:
        """Stand for the hand-over."""
        self.ledger.accept(exchange.targets)
        self.exchanges.append(exchange)

    def start(self) -> None:
        """Stand for the start of the hand-over."""
        self.starts += 1

    @property
    def mirror(self) -> Mirror:
        """The mirror of the door that was made last."""
        return self.mirrors[-1]

    @property
    def only(self) -> Exchange:
        """The one exchange there is."""
        (exchange,) = self.exchanges
        return exchange

    def outcomes(self, target: str = NAME) -> dict[str, int]:
        """Return how the requests ended for a target; those handed over are ``copied``."""
        copied = {"copied": self.ledger.pending().get(target, 0)}
        return {**self.ledger.outcomes().get(target, {}), **{k: n for k, n in copied.items() if n}}

    def check(self) -> None:
        """Fail unless each request has ended once for each target."""
        received = self.ledger.received()
        for target, number in received.items():
            assert sum(self.outcomes(target).values()) == number
            assert sum(target in e.targets for e in self.exchanges) == self.outcomes(target).get("copied", 0)
        assert len(set(received.values())) <= 1, received
        assert not [capture for mirror in self.mirrors for capture in mirror.open.values()]
        assert len({exchange.id for exchange in self.exchanges}) == len(self.exchanges)


@pytest.fixture
def undecorated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the marks of endpoints that other tests have made."""
    monkeypatch.setattr(seen, "any", False)
    monkeypatch.setattr(seen, "never", False)


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch, undecorated: None) -> Iterator[Collected]:
    """Return what comes through the doors that the test makes."""
    found = Collected()
    monkeypatch.setattr("shadowtap.door.assemble", found.assemble)
    yield found
    if found.sound:
        found.check()
