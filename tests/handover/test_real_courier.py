"""A hand-over with a courier process of its own, and what can happen to that."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shadowtap.handover import session as session_module
from shadowtap.handover import writer as writer_module
from tests.handover.conftest import Given
from tests.support import faults
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

Make = Callable[..., Given]
PATIENT = {"timeout": "60s", "courier_priority": "normal"}


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running:
        yield running


def courier_of(given: Given) -> int:
    """Return the process id of the courier, once there is one."""
    until(lambda: given.handover._writer is not None and given.handover._writer._session is not None)
    assert given.handover._writer is not None
    session = given.handover._writer._session
    assert session is not None
    assert session.child is not None
    return session.child.process.pid


def own_memory() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_killed_courier_takes_what_it_had_and_is_replaced_at_once(
    hand_over: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "HEALTHY", 0.0)
    with RecordingShadow(serve=faults.hang) as hung:
        given = hand_over(url=hung.url, **PATIENT)
        given.put(*(exchange(b"/%d" % number) for number in range(5)))
        hung.wait_for(5, timeout=60)
        first = courier_of(given)
        os.kill(first, signal.SIGKILL)
        given.wait_for("courier_down", 5)
        given.put(exchange(b"/after"))
        hung.wait_for(6, timeout=60)
        assert courier_of(given) != first
        until(lambda: not Path(f"/proc/{first}").exists(), what="the dead one is waited for")
        given.handover.close()
    assert given.settle() == {"courier_down": 5, "shutdown": 1}


def test_a_courier_that_is_told_to_end_finishes_its_copies_and_is_waited_for(
    hand_over: Make, shadow: RecordingShadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "HEALTHY", 0.0)
    given = hand_over(url=shadow.url, **PATIENT)
    given.put(exchange())
    assert given.settle() == {"answered": 1}
    first = courier_of(given)
    os.kill(first, signal.SIGTERM)
    until(lambda: not Path(f"/proc/{first}").exists(), what="it ends, and is waited for")
    given.put(exchange())
    assert given.settle() == {"answered": 2}


def test_while_the_courier_stands_still_memory_stays_flat(hand_over: Make) -> None:
    given = hand_over(queue_length=1000, **PATIENT)
    given.put(exchange())
    courier = courier_of(given)
    os.kill(courier, signal.SIGSTOP)
    try:
        body = os.urandom(2000)
        for _ in range(5000):
            given.put(exchange(body=body))
        given.wait_for("queue_full")
        before = own_memory()
        for _ in range(40_000):
            given.put(exchange(body=body))
        assert own_memory() - before < 4 * 1024 * 1024
        assert len(given.handover._buffer) <= 1000
        given.handover.close()
        outcomes = given.outcomes()
        assert outcomes.keys() == {"queue_full", "shutdown"}
        assert sum(outcomes.values()) == 45_001
    finally:
        os.kill(courier, signal.SIGKILL)


def test_a_wedged_courier_is_killed_and_replaced(
    hand_over: Make, shadow: RecordingShadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "HEALTHY", 0.0)
    given = hand_over(url=shadow.url, timeout="20s", courier_priority="normal")
    given.put(exchange())
    assert given.settle() == {"answered": 1}
    monkeypatch.setattr(session_module, "WEDGED", -19.0)  # with the time limit, one second
    wedged = courier_of(given)
    os.kill(wedged, signal.SIGSTOP)
    given.put(exchange())
    given.wait_for("courier_down")
    until(lambda: not Path(f"/proc/{wedged}").exists(), what="it is killed and waited for")
    monkeypatch.setattr(session_module, "WEDGED", 60.0)
    given.put(exchange())
    assert given.settle() == {"answered": 2, "courier_down": 1}


def test_a_missing_dependency_costs_the_copies_and_nothing_else(
    hand_over: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    given = hand_over()
    start = time.monotonic()
    given.put(exchange())
    assert time.monotonic() - start < 1
    given.put(exchange(), exchange())
    assert given.settle() == {"courier_down": 3}
    assert "the courier needs presidio-analyzer, httpx: pip install" in capfd.readouterr().err
    assert "something is not installed" in caplog.text
    assert caplog.text.count("courier down") == 1


HIDE = "import sys; sys.modules['presidio_analyzer'] = sys.modules['httpx'] = None"
"""A module that is ``None`` is one that is not there."""


def test_without_an_interpreter_copies_end_as_courier_down(
    hand_over: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("shadowtap.handover.child.interpreter", lambda: "/no/such/python")
    given = hand_over()
    given.put(exchange())
    assert given.settle() == {"courier_down": 1}
    assert "the courier cannot be started: No such file or directory" in caplog.text


def test_copies_that_are_queued_at_the_end_of_a_young_process_still_leave(
    hand_over: Make, shadow: RecordingShadow
) -> None:
    given = hand_over(url=shadow.url, shutdown_grace="60s", **PATIENT)
    given.put(*(exchange(b"/%d" % number) for number in range(20)))
    given.handover.close()
    assert len(shadow.requests) == 20
    assert given.settle() == {"answered": 20}
