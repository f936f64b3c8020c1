from __future__ import annotations

import pytest

from shadowtap.send.breaker import PROBING, Breaker, State


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def breaker(failures: int = 3, cooldown: float = 1.0, jitter: float = 0.0) -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(failures, cooldown, clock=clock, jitter=lambda: jitter), clock


def admitted(breaker: Breaker) -> int:
    ticket = breaker.admit()
    assert ticket is not None
    return ticket


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(admitted(breaker))


def test_a_new_breaker_is_closed_and_admits() -> None:
    closed, _ = breaker()
    assert closed.state is State.CLOSED
    assert not closed.blocks()
    assert closed.admit() is not None


def test_it_opens_at_the_last_of_so_many_failures_in_a_row() -> None:
    three, _ = breaker(failures=3)
    fail(three, 2)
    assert three.state is State.CLOSED
    fail(three, 1)
    assert three.state is State.OPEN
    assert three.blocks()
    assert three.admit() is None


def test_a_success_in_between_starts_the_count_anew() -> None:
    three, _ = breaker(failures=3)
    fail(three, 2)
    three.succeeded(admitted(three))
    fail(three, 2)
    assert three.state is State.CLOSED


def test_one_failure_is_enough_if_so_set() -> None:
    one, _ = breaker(failures=1)
    fail(one, 1)
    assert one.state is State.OPEN


def test_it_admits_none_until_the_pause_is_over() -> None:
    opened, clock = breaker(failures=1, cooldown=2.0)
    fail(opened, 1)
    clock.now += 1.99
    assert opened.admit() is None
    clock.now += 0.01
    assert opened.admit() is not None


def test_after_the_pause_one_probe_is_let_through_alone() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    clock.now += 1
    assert opened.admit() is not None
    assert opened.state is State.HALF_OPEN
    assert [opened.admit() for _ in range(10)] == [None] * 10
    assert opened.blocks()


def test_to_ask_whether_it_blocks_takes_no_probe() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    clock.now += 1
    assert not opened.blocks()
    assert not opened.blocks()
    assert opened.state is State.OPEN
    assert opened.admit() is not None


def test_a_probe_that_succeeds_closes_it() -> None:
    opened, clock = breaker(failures=2)
    fail(opened, 2)
    clock.now += 1
    opened.succeeded(admitted(opened))
    assert opened.state is State.CLOSED
    fail(opened, 1)
    assert opened.state is State.CLOSED


def pauses(opened: Breaker, clock: Clock, number: int) -> list[float]:
    """Let probe after probe fail, and return how long each pause was, to the hundredth."""
    found = []
    for _ in range(number):
        start = clock.now
        while (ticket := opened.admit()) is None:
            clock.now += 0.01
        found.append(round(clock.now - start, 2))
        opened.failed(ticket)
    return found


def test_the_pause_doubles_with_each_probe_that_fails_up_to_thirty_seconds() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    assert pauses(opened, clock, 8) == pytest.approx([1, 2, 4, 8, 16, 30, 30, 30], abs=0.02)


def test_a_cooldown_above_thirty_seconds_is_kept() -> None:
    opened, clock = breaker(failures=1, cooldown=45.0)
    fail(opened, 1)
    assert pauses(opened, clock, 3) == pytest.approx([45, 45, 45], abs=0.02)


def test_the_pause_is_short_again_after_a_success() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    pauses(opened, clock, 4)
    clock.now += 30
    opened.succeeded(admitted(opened))
    fail(opened, 1)
    assert pauses(opened, clock, 1) == pytest.approx([1], abs=0.02)


def test_jitter_shortens_a_pause_by_a_fifth_at_most() -> None:
    opened, clock = breaker(failures=1, cooldown=10.0, jitter=0.999)
    fail(opened, 1)
    assert pauses(opened, clock, 1) == pytest.approx([8], abs=0.05)


def test_failures_of_copies_from_before_it_opened_do_not_prolong_the_pause() -> None:
    opened, clock = breaker(failures=2)
    in_flight = [admitted(opened) for _ in range(16)]
    for ticket in in_flight[:2]:
        opened.failed(ticket)
    clock.now += 0.9
    for ticket in in_flight[2:]:
        opened.failed(ticket)
    clock.now += 0.1
    assert opened.admit() is not None


def test_a_late_success_from_before_it_opened_does_not_close_it() -> None:
    opened, clock = breaker(failures=1)
    late = admitted(opened)
    fail(opened, 1)
    opened.succeeded(late)
    assert opened.state is State.OPEN
    clock.now += 1
    probe = admitted(opened)
    opened.succeeded(late)
    assert opened.state is State.HALF_OPEN
    opened.succeeded(probe)
    assert opened.state is State.CLOSED


def test_a_probe_that_is_called_off_makes_room_for_the_next() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    clock.now += 1
    opened.withdrawn(admitted(opened))
    assert opened.admit() is not None


def test_a_probe_that_is_called_off_does_not_lengthen_the_pause() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    clock.now += 1
    opened.withdrawn(admitted(opened))
    opened.failed(admitted(opened))
    assert pauses(opened, clock, 1) == pytest.approx([2], abs=0.02)


def test_a_copy_that_is_called_off_counts_for_nothing_while_it_is_closed() -> None:
    closed, _ = breaker(failures=2)
    fail(closed, 1)
    closed.withdrawn(admitted(closed))
    assert closed.state is State.CLOSED
    fail(closed, 1)
    assert closed.state is State.OPEN


def test_the_pauses_of_two_breakers_differ() -> None:
    clock = Clock()
    ends = set()
    for _ in range(8):
        opened = Breaker(1, 10.0, clock=clock)
        fail(opened, 1)
        ends.add(pauses(opened, clock, 1)[0])
    assert len(ends) > 1


def test_it_says_how_long_copies_are_of_no_use() -> None:
    opened, clock = breaker(failures=1, cooldown=4.0)
    assert opened.rest() == 0
    fail(opened, 1)
    assert opened.rest() == 4
    clock.now += 3
    assert opened.rest() == 1
    clock.now += 1
    assert opened.rest() == 0


def test_while_a_probe_is_under_way_it_says_so_again_and_again() -> None:
    opened, clock = breaker(failures=1)
    fail(opened, 1)
    clock.now += 1
    probe = admitted(opened)
    assert opened.rest() == PROBING
    clock.now += 10
    assert opened.rest() == PROBING
    opened.succeeded(probe)
    assert opened.rest() == 0
