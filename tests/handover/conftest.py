"""A hand-over with its ledger, to a courier that a test plays or to a real one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shadowtap import shield
from shadowtap.exchange import Exchange
from shadowtap.handover import Handover
from shadowtap.settings import live
from shadowtap.telemetry.ledger import Ledger
from tests.handover.fake_courier import FakeCourier
from tests.support.waiting import until


class Given(NamedTuple):
    """A hand-over and its account."""

    handover: Handover
    ledger: Ledger

    def put(self, *exchanges: Exchange) -> None:
        """Hand exchanges over."""
        for one in exchanges:
            self.handover.put(one)

    def outcomes(self) -> dict[str, int]:
        """Return the outcomes so far of the target of exchanges made by hand."""
        return self.ledger.outcomes().get("shadow", {})

    def wait_for(self, outcome: str, number: int = 1) -> None:
        """Wait until so many copies have ended in an outcome."""
        until(
            lambda: self.outcomes().get(outcome, 0) >= number, what=f"{number} {outcome}: {self.outcomes()}"
        )

    def settle(self) -> dict[str, int]:
        """Wait until nothing is pending, check that the account adds up, and return it."""
        until(self._nothing_is_pending, 60, "every copy ends")
        assert sum(self.outcomes().values()) == self.ledger.received().get("shadow", 0)
        return self.outcomes()

    def _nothing_is_pending(self) -> bool:
        self.handover._buffer.wake()  # what was reported is read now, and not with the next beat
        return not any(self.ledger.pending().values())


@pytest.fixture(autouse=True)
def nothing_was_logged_before(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Begin with no trouble logged, so that the first of each kind is."""
    shield.forget()
    caplog.set_level(logging.INFO)
    yield
    shield.forget()


@pytest.fixture
def courier(tmp_path: Path) -> Iterator[FakeCourier]:
    """Return a running fake courier that answers each copy."""
    with FakeCourier(tmp_path / "courier.sock").running() as running:
        yield running


@pytest.fixture
def hand_over() -> Iterator[Callable[..., Given]]:
    """Return a function that makes hand-overs, which are ended after the test."""
    made: list[Handover] = []

    def make(courier: str = "child", url: str = "http://127.0.0.1:9", **settings: Any) -> Given:
        targets = [{"name": "shadow", "url": url}]
        given = {"targets": targets, "courier": courier, "shutdown_grace": "200ms", **settings}
        ledger = Ledger()
        handover = Handover(live(environ={}, **given), ledger)
        made.append(handover)
        return Given(handover, ledger)

    yield make
    for handover in made:
        handover.close()
