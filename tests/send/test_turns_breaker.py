from __future__ import annotations

import asyncio
import time

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.breaker import Breaker, State
from shadowtap.send.copy import Answer, Copy
from shadowtap.send.turns import Attempt, Gate, Result, Turns
from tests.support.sending import NEVER_OPENS, copy

ANSWER = Answer(status=200, headers=(), body=b"", truncated=False, duration=0.0, queued=0.0)
FAR = float("inf")


def turns(at_once: int = 1, failures: int = NEVER_OPENS) -> Turns:
    return Turns(at_once, Breaker(failures, 60.0))


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


async def answered(waited: float) -> Result:
    return Outcome.ANSWERED, ANSWER


async def timed_out(waited: float) -> Result:
    return Outcome.TIMEOUT, None


async def never(waited: float) -> Result:
    raise AssertionError("was let through")


def take(
    one: Turns,
    what: Copy | None = None,
    *,
    gate: Gate | None = None,
    limit: float = FAR,
    attempt: Attempt = answered,
) -> Result:
    return asyncio.run(one.take(what or copy(), gate, min(limit, soon(10)), attempt))


@pytest.mark.parametrize(
    "outcome", [Outcome.TIMEOUT, Outcome.CONNECT_ERROR, Outcome.TLS_ERROR, Outcome.PROTOCOL_ERROR]
)
def test_failures_in_a_row_open_the_breaker(outcome: Outcome) -> None:
    async def failing(waited: float) -> Result:
        return outcome, None

    async def main() -> list[Result]:
        two = turns(failures=2)
        return [await two.take(copy(), None, soon(10), failing) for _ in range(3)]

    assert asyncio.run(main()) == [(outcome, None), (outcome, None), (Outcome.BREAKER_OPEN, None)]


def test_a_copy_that_waits_when_the_breaker_opens_is_not_attempted() -> None:
    async def main() -> list[Result]:
        one = turns(1, failures=1)
        return await asyncio.gather(*(one.take(copy(), None, soon(10), timed_out) for _ in range(3)))

    assert [outcome for outcome, _ in asyncio.run(main())] == [
        Outcome.TIMEOUT,
        Outcome.BREAKER_OPEN,
        Outcome.BREAKER_OPEN,
    ]


def test_an_open_breaker_refuses_without_waiting_for_a_turn() -> None:
    async def main() -> Result:
        breaker = Breaker(1, 60.0)
        one = Turns(1, breaker)
        await one.take(copy(), None, soon(10), timed_out)
        stuck = asyncio.Event()

        async def hold(waited: float) -> Result:
            await stuck.wait()
            return Outcome.ANSWERED, ANSWER

        breaker._retry_at = 0.0
        holder = asyncio.ensure_future(one.take(copy(), None, soon(10), hold))
        await asyncio.sleep(0)
        result = await one.take(copy(), None, soon(10), never)
        stuck.set()
        await holder
        return result

    assert asyncio.run(main()) == (Outcome.BREAKER_OPEN, None)


def test_what_kept_a_copy_here_is_no_failure_of_the_target() -> None:
    async def main() -> State:
        breaker = Breaker(1, 60.0)
        one = Turns(1, breaker)
        await one.take(copy(), lambda: Outcome.PAUSED, soon(10), never)
        await one.take(copy(until=1.0), None, soon(10), never)
        await one.take(copy(), None, soon(-1), never)
        return breaker.state

    assert asyncio.run(main()) is State.CLOSED


def test_a_cancelled_probe_gives_back_its_turn_and_lets_the_next_probe() -> None:
    async def main() -> Result:
        breaker = Breaker(1, 0.0)
        one = Turns(1, breaker)
        await one.take(copy(), None, soon(10), timed_out)
        probing = asyncio.Event()

        async def hang(waited: float) -> Result:
            probing.set()
            await asyncio.Event().wait()
            raise AssertionError

        probe = asyncio.ensure_future(one.take(copy(), None, soon(10), hang))
        await probing.wait()
        assert breaker.state is State.HALF_OPEN
        probe.cancel()
        with pytest.raises(asyncio.CancelledError):
            await probe
        return await one.take(copy(), None, soon(10), answered)

    assert asyncio.run(main()) == (Outcome.ANSWERED, ANSWER)


def test_a_target_is_not_to_blame_for_time_that_a_copy_spent_here() -> None:
    async def main() -> tuple[State, State]:
        one = Turns(1, Breaker(1, 60.0), fair=5.0)
        await one.take(copy(), None, soon(4), timed_out)
        hurried = one.breaker.state
        await one.take(copy(), None, soon(6), timed_out)
        return hurried, one.breaker.state

    assert asyncio.run(main()) == (State.CLOSED, State.OPEN)


def test_a_target_that_refuses_is_to_blame_however_late_a_copy_is() -> None:
    async def refused(waited: float) -> Result:
        return Outcome.CONNECT_ERROR, None

    async def main() -> State:
        one = Turns(1, Breaker(1, 60.0), fair=5.0)
        await one.take(copy(), None, soon(1), refused)
        return one.breaker.state

    assert asyncio.run(main()) is State.OPEN
