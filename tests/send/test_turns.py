from __future__ import annotations

import asyncio
import time

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.breaker import Breaker
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


def test_a_copy_whose_turn_it_is_is_attempted() -> None:
    assert take(turns()) == (Outcome.ANSWERED, ANSWER)


def test_no_more_than_so_many_are_attempted_at_once() -> None:
    now, most = 0, 0

    async def counted(waited: float) -> Result:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        now -= 1
        return Outcome.ANSWERED, ANSWER

    async def main() -> None:
        three = turns(3)
        await asyncio.gather(*(three.take(copy(), None, soon(10), counted) for _ in range(20)))

    asyncio.run(main())
    assert most == 3


def test_the_first_to_come_is_the_first_to_go() -> None:
    order: list[int] = []

    def numbered(number: int) -> Attempt:
        async def attempt(waited: float) -> Result:
            order.append(number)
            await asyncio.sleep(0)
            return Outcome.ANSWERED, ANSWER

        return attempt

    async def main() -> None:
        one = turns(1)
        await asyncio.gather(*(one.take(copy(), None, soon(10), numbered(i)) for i in range(10)))

    asyncio.run(main())
    assert order == list(range(10))


async def behind(
    one: Turns, *, gate: Gate | None = None, what: Copy | None = None, limit: float = FAR
) -> Result:
    """Take a turn while another has it, and let that other end after the time limit or at once."""
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(waited: float) -> Result:
        held.set()
        await release.wait()
        return Outcome.ANSWERED, ANSWER

    holder = asyncio.ensure_future(one.take(copy(), None, soon(10), hold))
    await held.wait()
    waiter = asyncio.ensure_future(one.take(what or copy(), gate, min(limit, soon(10)), never))
    if limit < FAR:
        await waiter
    release.set()
    await holder
    return await waiter


def test_waiting_counts_towards_the_limit() -> None:
    start = time.monotonic()
    assert asyncio.run(behind(turns(), limit=soon(0.05))) == (Outcome.TIMEOUT, None)
    assert time.monotonic() - start < 5


def test_a_copy_whose_limit_has_passed_is_not_attempted() -> None:
    assert take(turns(), limit=soon(-1), attempt=never) == (Outcome.TIMEOUT, None)


def test_a_turn_that_ran_out_while_waiting_is_not_lost() -> None:
    async def main() -> Result:
        one = turns()
        await behind(one, limit=soon(0.01))
        return await one.take(copy(), None, soon(10), answered)

    assert asyncio.run(main()) == (Outcome.ANSWERED, ANSWER)


def test_the_time_that_it_waited_is_told() -> None:
    async def main() -> float:
        one = turns()
        told = 0.0

        async def hold(waited: float) -> Result:
            await asyncio.sleep(0.05)
            return Outcome.ANSWERED, ANSWER

        async def tell(waited: float) -> Result:
            nonlocal told
            told = waited
            return Outcome.ANSWERED, ANSWER

        await asyncio.gather(one.take(copy(), None, soon(10), hold), one.take(copy(), None, soon(10), tell))
        return told

    assert 0.04 < asyncio.run(main()) < 5


@pytest.mark.parametrize("outcome", [Outcome.PAUSED, Outcome.SHUTDOWN])
def test_the_gate_keeps_a_copy_here(outcome: Outcome) -> None:
    assert take(turns(), gate=lambda: outcome, attempt=never) == (outcome, None)


def test_an_open_gate_lets_it_through() -> None:
    assert take(turns(), gate=lambda: None) == (Outcome.ANSWERED, ANSWER)


def test_the_gate_is_asked_after_the_wait() -> None:
    asked_while_held = []

    async def main() -> Result:
        one = turns()
        held, release = asyncio.Event(), asyncio.Event()

        async def hold(waited: float) -> Result:
            held.set()
            await release.wait()
            return Outcome.ANSWERED, ANSWER

        def gate() -> Outcome:
            asked_while_held.append(not release.is_set())
            return Outcome.PAUSED

        holder = asyncio.ensure_future(one.take(copy(), None, soon(10), hold))
        await held.wait()
        waiter = asyncio.ensure_future(one.take(copy(), gate, soon(10), never))
        await asyncio.sleep(0)
        release.set()
        await holder
        return await waiter

    assert asyncio.run(main()) == (Outcome.PAUSED, None)
    assert asked_while_held == [False]


def test_a_copy_does_not_leave_after_its_end_time() -> None:
    assert take(turns(), copy(until=time.time() - 0.001), attempt=never) == (Outcome.EXPIRED, None)


def test_a_copy_leaves_before_its_end_time() -> None:
    assert take(turns(), copy(until=time.time() + 60)) == (Outcome.ANSWERED, ANSWER)


def test_an_end_time_that_passes_while_waiting_keeps_it_here() -> None:
    async def main() -> Result:
        one = turns()
        until = time.time() + 0.05

        async def hold(waited: float) -> Result:
            while time.time() <= until:  # noqa: ASYNC110 - it is the clock that is waited for
                await asyncio.sleep(0.01)
            return Outcome.ANSWERED, ANSWER

        _, result = await asyncio.gather(
            one.take(copy(), None, soon(10), hold), one.take(copy(until=until), None, soon(10), never)
        )
        return result

    assert asyncio.run(main()) == (Outcome.EXPIRED, None)


def test_what_waits_when_it_closes_ends_as_shutdown() -> None:
    async def main() -> Result:
        one = turns()

        async def close(waited: float) -> Result:
            one.close()
            return Outcome.ANSWERED, ANSWER

        _, result = await asyncio.gather(
            one.take(copy(), None, soon(10), close), one.take(copy(), None, soon(10), never)
        )
        return result

    assert asyncio.run(main()) == (Outcome.SHUTDOWN, None)
