from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from shadowtap.send.breaker import LONGEST_COOLDOWN, Breaker, State


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


class Traffic(RuleBasedStateMachine):
    """Whatever happens in whatever order: the promises of the breaker."""

    tickets = Bundle("tickets")

    @initialize(
        failures=st.integers(1, 5),
        cooldown=st.floats(0.01, 60),
        jitter=st.floats(0, 1, exclude_max=True),
    )
    def start(self, failures: int, cooldown: float, jitter: float) -> None:
        self.clock = Clock()
        self.breaker = Breaker(failures, cooldown, clock=self.clock, jitter=lambda: jitter)
        self.failures = failures
        self.longest = max(LONGEST_COOLDOWN, cooldown)
        self.shortest = cooldown * 0.8
        self.probe: int | None = None

    @rule(target=tickets)
    def a_copy_asks(self) -> int | None:
        before, blocked = self.breaker.state, self.breaker.blocks()
        ticket = self.breaker.admit()
        assert (ticket is None) == blocked
        if before is State.CLOSED:
            assert ticket is not None
        elif ticket is not None:
            assert before is State.OPEN
            assert self.breaker.state is State.HALF_OPEN
            self.probe = ticket
        return ticket

    @rule(ticket=consumes(tickets))
    def one_succeeds(self, ticket: int | None) -> None:
        before = self.breaker.state
        if ticket is None:
            return
        self.breaker.succeeded(ticket)
        if before is State.OPEN:
            assert self.breaker.state is State.OPEN
        if before is State.HALF_OPEN:
            assert (self.breaker.state is State.CLOSED) == (ticket == self.probe)

    @rule(ticket=consumes(tickets))
    def one_fails(self, ticket: int | None) -> None:
        before = self.breaker.state
        if ticket is None:
            return
        self.breaker.failed(ticket)
        if before is State.HALF_OPEN:
            assert (self.breaker.state is State.OPEN) == (ticket == self.probe)

    @rule(ticket=consumes(tickets))
    def one_is_called_off(self, ticket: int | None) -> None:
        before = self.breaker.state
        if ticket is None:
            return
        self.breaker.withdrawn(ticket)
        if before is State.CLOSED:
            assert self.breaker.state is State.CLOSED
        if before is State.HALF_OPEN and ticket == self.probe:
            assert not self.breaker.blocks()

    @rule(seconds=st.floats(0, 70))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @precondition(lambda self: self.breaker.state is State.OPEN)
    @rule()
    def the_longest_pause_passes(self) -> None:
        self.clock.now += self.longest
        assert not self.breaker.blocks()

    @precondition(lambda self: self.breaker.state is State.CLOSED)
    @rule()
    def all_fail_from_now_on(self) -> None:
        for number in range(self.failures):
            assert not self.breaker.blocks()
            ticket = self.breaker.admit()
            assert ticket is not None
            self.breaker.failed(ticket)
            if self.breaker.state is State.OPEN:
                assert number < self.failures
                break
        assert self.breaker.state is State.OPEN
        assert self.breaker.blocks()
        self.clock.now += self.shortest * 0.99
        assert self.breaker.blocks()

    @invariant()
    def it_blocks_only_with_a_reason(self) -> None:
        if hasattr(self, "breaker") and self.breaker.state is State.CLOSED:
            assert not self.breaker.blocks()


TestTraffic = Traffic.TestCase
