"""The end of a hand-over: what is queued leaves or is counted, in the time that it has."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shadowtap import wire
from shadowtap.handover import handover as handover_module
from shadowtap.handover.handover import Handover
from shadowtap.settings import live
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter
from tests.handover.conftest import Given
from tests.handover.fake_courier import FakeCourier
from tests.support.exchanges import exchange
from tests.support.waiting import until

Make = Callable[..., Given]


def test_what_is_queued_leaves_before_the_end(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address, shutdown_grace="20s")
    given.put(*(exchange(body=b"x" * 50_000) for _ in range(200)))
    given.handover.close()
    assert given.ledger.pending() == {"shadow": 0}
    assert given.outcomes() == {"answered": 200}


def test_what_the_courier_does_not_finish_in_time_counts_as_shutdown(
    courier: FakeCourier, hand_over: Make
) -> None:
    courier.outcome = None
    given = hand_over(courier.address, shutdown_grace="300ms")
    given.put(exchange(), exchange())
    start = time.monotonic()
    given.handover.close()
    assert 0.3 <= time.monotonic() - start < 1.2
    assert given.outcomes() == {"shutdown": 2}


def test_what_the_courier_does_not_even_take_in_time_counts_as_shutdown(
    courier: FakeCourier, hand_over: Make
) -> None:
    courier.reads.clear()
    given = hand_over(courier.address, shutdown_grace="300ms")
    given.put(*(exchange(body=b"x" * 50_000) for _ in range(300)))
    start = time.monotonic()
    given.handover.close()
    assert time.monotonic() - start < 1.2
    assert given.outcomes() == {"shutdown": 300}
    assert given.ledger.pending() == {"shadow": 0}


def test_without_a_courier_the_end_does_not_wait(tmp_path: Path, hand_over: Make) -> None:
    given = hand_over(f"unix://{tmp_path / 'none.sock'}", shutdown_grace="20s")
    given.put(exchange())
    given.settle()
    start = time.monotonic()
    given.handover.close()
    assert time.monotonic() - start < 2


def test_the_end_without_any_copy_does_not_wait(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address, shutdown_grace="20s")
    given.handover.start()
    start = time.monotonic()
    given.handover.close()
    assert time.monotonic() - start < 2
    assert courier.connections == 0


def test_after_the_end_copies_count_as_shutdown(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address)
    given.handover.close()
    given.put(exchange())
    assert given.outcomes() == {"shutdown": 1}
    assert courier.connections == 0


def test_after_a_new_start_copies_leave_again(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()
    given.handover.close()
    given.handover.reopen()
    given.put(exchange())
    assert given.settle() == {"answered": 2}


def test_a_new_start_registers_no_second_metrics(
    courier: FakeCourier, hand_over: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(handover_module, "Meter", lambda ledger: made.append(ledger) or Meter(ledger))
    given = hand_over(courier.address)
    for _ in range(2):
        given.put(exchange())
        given.settle()
        given.handover.close()
        given.handover.reopen()
    assert made == [given.ledger]


def test_a_new_start_of_what_runs_changes_nothing(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address)
    given.put(exchange())
    given.handover.reopen()
    given.put(exchange())
    assert given.settle() == {"answered": 2}
    assert courier.connections == 1


@pytest.fixture
def followed(courier: FakeCourier, tmp_path: Path) -> tuple[Given, Path]:
    """Return a hand-over whose settings are in a file."""
    config = tmp_path / "settings.toml"
    config.write_text('target = "http://127.0.0.1:9"')
    ledger = Ledger()
    grace = {"shutdown_grace": "200ms"}
    return Given(
        Handover(live(environ={}, courier=courier.address, config=str(config), **grace), ledger), ledger
    ), config


def switch(config: Path, text: str) -> None:
    config.write_text(f'target = "http://127.0.0.1:9"\n{text}')


def test_the_courier_hears_of_the_switch_within_a_second(
    courier: FakeCourier, followed: tuple[Given, Path]
) -> None:
    given, config = followed
    given.put(exchange())
    given.settle()
    for text, state in (("enabled = false", False), ("", True)):
        switch(config, text)
        start = time.monotonic()
        until(lambda state=state: gates(courier)[-1] == wire.Gate(open=state))
        assert time.monotonic() - start < 1
    given.handover.close()


def test_the_courier_hears_of_an_end_time(courier: FakeCourier, followed: tuple[Given, Path]) -> None:
    given, config = followed
    given.put(exchange())
    given.settle()
    switch(config, "until = 4000000000")
    until(lambda: gates(courier)[-1] == wire.Gate(open=True, until=4e9))
    given.handover.close()


@pytest.mark.parametrize(("text", "outcome"), [("enabled = false", "paused"), ("until = 1", "expired")])
def test_what_is_queued_here_is_dropped_when_mirroring_ends(
    courier: FakeCourier, followed: tuple[Given, Path], text: str, outcome: str
) -> None:
    given, config = followed
    courier.reads.clear()
    given.put(*(exchange(body=b"x" * 100_000) for _ in range(200)))
    switch(config, text)
    given.wait_for(outcome, 100)
    assert len(given.handover._buffer) == 0
    courier.reads.set()
    given.settle()
    given.handover.close()


def gates(courier: FakeCourier) -> list[wire.Frame]:
    return [frame for frame in list(courier.frames) if isinstance(frame, wire.Gate)]
