from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shadowtap import wire
from shadowtap.handover import writer as writer_module
from tests.handover.conftest import Given
from tests.handover.fake_courier import FakeCourier
from tests.support.exchanges import exchange
from tests.support.waiting import until

Make = Callable[..., Given]


def threads() -> int:
    return sum(thread.name == "shadowtap-handover" for thread in threading.enumerate())


def test_nothing_runs_before_it_is_needed(courier: FakeCourier, hand_over: Make) -> None:
    before = threads()
    hand_over(courier.address)
    assert threads() == before
    assert courier.connections == 0


def test_the_thread_runs_before_the_first_copy_and_the_courier_from_it_on(
    courier: FakeCourier, hand_over: Make
) -> None:
    given, before = hand_over(courier.address), threads()
    given.handover.start()
    given.handover.start()
    assert threads() == before + 1
    assert courier.connections == 0
    given.put(exchange())
    assert given.settle() == {"answered": 1}
    assert courier.connections == 1


def test_the_courier_hears_the_settings_before_the_first_copy(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address, timeout="7s")
    sent = [exchange(b"/%d" % number) for number in range(3)]
    given.put(*sent)
    given.settle()
    first, second, *rest = courier.frames
    assert isinstance(first, wire.Configure)
    assert first.timeout == 7
    assert second == wire.Gate(open=True)
    assert rest[:3] == sent


def test_a_fork_that_nobody_told_of_is_noticed(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()
    writer = given.handover._writer
    given.handover._pid -= 1  # as in a child that uWSGI forked
    given.handover.start()
    assert given.handover._writer is not writer
    assert given.ledger.received() == {}
    given.put(exchange())
    assert given.settle() == {"answered": 1}
    assert writer is not None
    writer.stop(0)


def test_a_copy_that_comes_before_the_thread_runs_is_kept(courier: FakeCourier, hand_over: Make) -> None:
    given = hand_over(courier.address)
    with given.handover._lock:  # as while another thread starts it
        given.put(exchange())
        assert given.ledger.pending() == {"shadow": 1}
    given.put(exchange())
    assert given.settle() == {"answered": 2}


def test_a_process_that_may_start_no_more_threads_serves_on(
    courier: FakeCourier, hand_over: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    given = hand_over(courier.address, queue_length=2)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        given.put(*(exchange() for _ in range(3)))
    assert given.outcomes() == {"queue_full": 1}
    assert caplog.messages == ["hand-over: its thread cannot be started"]
    given.handover.start()
    assert given.settle() == {"answered": 2, "queue_full": 1}


def test_copies_end_as_courier_down_when_the_courier_goes(courier: FakeCourier, hand_over: Make) -> None:
    courier.outcome = None
    given = hand_over(courier.address)
    given.put(exchange(), exchange())
    until(lambda: len(courier.exchanges) == 2)
    courier.hang_up()
    assert given.settle() == {"courier_down": 2}


def test_a_courier_that_had_lived_for_a_while_is_replaced_at_once(
    courier: FakeCourier, hand_over: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writer_module, "HEALTHY", 0.0)
    given = hand_over(courier.address)
    for number in range(1, 4):
        given.put(exchange())
        given.wait_for("answered", number)
        courier.hang_up()
        until(lambda: given.handover._writer is not None and given.handover._writer._session is None)
    assert courier.connections == 3
    assert given.settle() == {"answered": 3}
    assert caplog.messages == ["courier: lost; it is started again"]


def test_a_courier_that_dies_again_and_again_is_asked_for_less_and_less_often(
    tmp_path: Path, hand_over: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeCourier(tmp_path / "c.sock", hangs_up=True).running() as courier:
        given = hand_over(courier.address)
        stop = threading.Event()

        def keep_putting() -> None:
            while not stop.wait(0.001):
                given.put(exchange())

        thread = threading.Thread(target=keep_putting)
        thread.start()
        until(lambda: courier.connections == 3, what="attempts after 0, 1 and 3 seconds")
        stop.set()
        thread.join()
        assert set(given.settle()) == {"courier_down"}
        assert given.outcomes()["courier_down"] > 500
        assert len(caplog.messages) == 1
        assert caplog.messages[0].startswith("courier down: hung up soon after its start; copies are dropped")


def test_a_courier_that_is_not_there_is_found_when_it_comes(tmp_path: Path, hand_over: Make) -> None:
    path = tmp_path / "late.sock"
    given = hand_over(f"unix://{path}")
    given.put(exchange())
    assert given.settle() == {"courier_down": 1}
    with FakeCourier(path).running():

        def answered() -> int:
            given.put(exchange())
            return given.outcomes().get("answered", 0)

        until(answered, what="the next attempt succeeds")
        given.settle()


def test_more_copies_than_there_is_room_for_are_counted_and_dropped(
    courier: FakeCourier, hand_over: Make
) -> None:
    courier.reads.clear()
    given = hand_over(courier.address, queue_length=50)
    for _ in range(3000):
        given.put(exchange(body=b"x" * 10_000))
    assert given.outcomes()["queue_full"] > 1000
    assert len(given.handover._buffer) <= 50
    courier.reads.set()
    outcomes = given.settle()
    assert outcomes["answered"] + outcomes["queue_full"] == 3000


def test_a_put_never_waits_for_a_courier_that_takes_nothing(courier: FakeCourier, hand_over: Make) -> None:
    courier.reads.clear()
    given = hand_over(courier.address)
    thread = threading.Thread(target=lambda: [given.put(exchange(body=b"x" * 100_000)) for _ in range(2000)])
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_copies_to_a_target_that_is_left_alone_are_not_even_encoded(
    courier: FakeCourier, hand_over: Make
) -> None:
    courier.resting = {"shadow": 3600.0}
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()
    given.put(*(exchange() for _ in range(10)))
    assert given.settle() == {"answered": 1, "breaker_open": 10}
    assert len(courier.exchanges) == 1


def test_another_target_still_gets_its_copy(courier: FakeCourier, hand_over: Make) -> None:
    courier.resting = {"shadow": 3600.0}
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()
    both = exchange(targets=("shadow", "second"))
    given.put(both)
    until(lambda: given.ledger.outcomes().get("second") == {"answered": 1}, what="the second gets it")
    assert given.outcomes() == {"answered": 1, "breaker_open": 1}
    assert courier.exchanges[-1].targets == ("second",)
    assert courier.exchanges[-1].request == both.request


def test_a_target_is_tried_again_when_its_rest_is_over(courier: FakeCourier, hand_over: Make) -> None:
    courier.resting = {"shadow": 0.05}
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()

    def answered_twice() -> bool:
        given.put(exchange())
        return given.outcomes().get("answered", 0) > 1

    until(answered_twice, what="it is tried again")
    given.settle()


def test_a_new_courier_may_find_the_target_better(courier: FakeCourier, hand_over: Make) -> None:
    courier.resting = {"shadow": 3600.0}
    given = hand_over(courier.address)
    given.put(exchange())
    given.settle()
    courier.resting = {}
    courier.hang_up()
    until(lambda: given.handover._writer is not None and given.handover._writer._session is None)
    given.handover._writer._retry_at = 0.0
    given.handover._writer.down = False
    given.put(exchange())
    assert given.settle() == {"answered": 2}
