from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from shadowtap.send.breaker import LONGEST_COOLDOWN, Breaker, State


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


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
