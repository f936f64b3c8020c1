"""Connections: few, reused, never twice for a copy."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send import sender as sender_module
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Result
from tests.support import faults
from tests.support.messages import reply
from tests.support.sending import copy, send, send_at_once, sender_to, with_sender
from tests.support.shadow import Line, RecordingShadow


def outcomes(results: list[Result]) -> list[Outcome]:
    return [outcome for outcome, _ in results]


def test_two_copies_share_one_connection() -> None:
    with RecordingShadow() as shadow:
        send(shadow.url, copy(), copy(method="POST", body=b"x"))
        assert len(shadow.requests) == 2
        assert shadow.connections == 1


def test_many_copies_share_as_many_connections_as_are_allowed() -> None:
    with RecordingShadow() as shadow:
        results = send_at_once(shadow.url, *(copy() for _ in range(200)), connections=3)
        assert outcomes(results) == [Outcome.ANSWERED] * 200
        assert len(shadow.requests) == 200
        assert shadow.connections == 3


def test_two_copies_travel_at_once() -> None:
    both = threading.Barrier(2)

    def meet(request) -> bytes:
        both.wait(10)
        return reply()

    with RecordingShadow(meet) as shadow:
        assert outcomes(send_at_once(shadow.url, copy(), copy())) == [Outcome.ANSWERED] * 2
        assert shadow.most_open == 2


def test_waiting_for_a_connection_is_told() -> None:
    go_on = threading.Event()

    def slow(request) -> bytes:
        go_on.wait(0.1)
        return reply()

    with RecordingShadow(slow) as shadow:
        first, second = send_at_once(shadow.url, copy(), copy(), connections=1)
    assert first[1] is not None
    assert second[1] is not None
    assert first[1].queued < 0.05
    assert second[1].queued > 0.05


def test_waiting_for_a_connection_counts_towards_the_deadline() -> None:
    async def use(sender: Sender) -> list[Result]:
        holding = asyncio.ensure_future(sender.send(copy(timeout=60.0)))
        await asyncio.to_thread(shadow.wait_for, 1)
        waiting = await asyncio.gather(*(sender.send(copy(timeout=0.1)) for _ in range(5)))
        assert not holding.done()
        holding.cancel()
        await asyncio.wait([holding])
        return waiting

    with RecordingShadow(serve=faults.hang) as shadow:
        results = with_sender(shadow.url, use, connections=1, timeout=60.0)
        assert outcomes(results) == [Outcome.TIMEOUT] * 5
        assert len(shadow.requests) == 1


def test_the_senders_own_limit_holds_too() -> None:
    with RecordingShadow(serve=faults.hang) as shadow:
        start = time.monotonic()
        assert send(shadow.url, copy(timeout=60.0), timeout=0.1) == [(Outcome.TIMEOUT, None)]
        assert time.monotonic() - start < 5


def test_one_target_that_hangs_does_not_delay_another() -> None:
    async def main() -> Result:
        async with sender_to(hung.url, connections=1) as slow, sender_to(healthy.url) as fast:
            stuck = [asyncio.ensure_future(slow.send(copy())) for _ in range(10)]
            await asyncio.to_thread(hung.wait_for, 1)
            result = await fast.send(copy())
            assert not any(one.done() for one in stuck)
            for one in stuck:
                one.cancel()
            await asyncio.wait(stuck)
            return result

    with RecordingShadow(serve=faults.hang) as hung, RecordingShadow() as healthy:
        assert asyncio.run(main())[0] is Outcome.ANSWERED


def test_an_idle_connection_is_closed_before_servers_close_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sender_module.KEEP_ALIVE < 2  # gunicorn's default, the shortest of the common servers

    async def use(sender: Sender) -> list[Result]:
        first = await sender.send(copy())
        await asyncio.to_thread(shadow.wait_until_closed)
        return [first, await sender.send(copy())]

    monkeypatch.setattr(sender_module, "KEEP_ALIVE", 0.05)
    with RecordingShadow() as shadow:
        assert outcomes(with_sender(shadow.url, use)) == [Outcome.ANSWERED] * 2
        assert shadow.connections == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_shadow_has_closed_meanwhile_is_no_error(method: str) -> None:
    async def use(sender: Sender) -> list[Result]:
        first = await sender.send(copy(method=method))
        # The event loop is kept from seeing that the connection has ended.
        shadow.wait_until_closed()
        return [first, await sender.send(copy(method=method))]

    with RecordingShadow(serve=faults.answers_then_closes(1)) as shadow:
        assert outcomes(with_sender(shadow.url, use)) == [Outcome.ANSWERED] * 2
        assert len(shadow.requests) == 2


def test_a_whole_pool_of_ended_connections_is_no_error() -> None:
    async def use(sender: Sender) -> list[Result]:
        first = await asyncio.gather(*(sender.send(copy()) for _ in range(4)))
        shadow.wait_until_closed()
        return [*first, *await asyncio.gather(*(sender.send(copy()) for _ in range(4)))]

    both = threading.Barrier(4)

    def serve(line: Line) -> None:
        line.read_request()
        if line.number <= 4:
            both.wait(10)
        line.send(reply())

    with RecordingShadow(serve=serve) as shadow:
        assert outcomes(with_sender(shadow.url, use)) == [Outcome.ANSWERED] * 8
        assert shadow.connections == 8


def test_an_answer_that_says_close_is_followed_by_a_new_connection() -> None:
    with RecordingShadow(lambda request: reply(headers=[("Connection", "close")])) as shadow:
        assert outcomes(send(shadow.url, copy(), copy())) == [Outcome.ANSWERED] * 2
        assert shadow.connections == 2


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize("fault", [faults.close_unanswered, faults.reset])
def test_a_copy_is_never_sent_twice(method: str, fault: faults.Fault) -> None:
    with RecordingShadow(serve=fault) as shadow:
        assert send(shadow.url, copy(method=method)) == [(Outcome.PROTOCOL_ERROR, None)]
        assert shadow.connections == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_copy_on_a_kept_connection_is_never_sent_twice(method: str) -> None:
    def serve(line: Line) -> None:
        line.read_request()
        line.send(reply())
        line.read_request()  # and then end, without an answer

    with RecordingShadow(serve=serve) as shadow:
        results = send(shadow.url, copy(), one := copy(method=method))
        assert outcomes(results) == [Outcome.ANSWERED, Outcome.PROTOCOL_ERROR]
        assert [request.header("X-Shadow-Id") for request in shadow.requests].count(one.id.encode()) == 1
        assert shadow.connections == 1


def test_a_long_answer_costs_its_connection_and_no_more() -> None:
    with RecordingShadow(lambda request: reply(body=b"x" * 5_000_000)) as shadow:
        results = send(shadow.url, copy(), copy(), max_answer=1000)
        assert [answer.truncated for _, answer in results if answer] == [True, True]
        shadow.wait_until_closed()
        assert shadow.connections == 2


def test_cancelling_a_copy_closes_its_connection_and_gives_back_its_turn() -> None:
    async def use(sender: Sender) -> Result:
        task = asyncio.ensure_future(sender.send(copy()))
        await asyncio.to_thread(shadow.wait_for, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(shadow.wait_until_closed)
        return await sender.send(copy())

    def serve(line: Line) -> None:
        faults.hang(line) if line.number == 1 else shadow._answer_all(line)

    with RecordingShadow(serve=serve) as shadow:
        assert with_sender(shadow.url, use, connections=1)[0] is Outcome.ANSWERED


@pytest.mark.parametrize("fault", [faults.hang, faults.slow_drip, faults.read_nothing])
def test_close_ends_what_is_in_flight(fault: faults.Fault) -> None:
    async def use(sender: Sender) -> list[Result]:
        flying = [
            asyncio.ensure_future(sender.send(copy(method="POST", body=b"x" * 5_000_000))) for _ in range(2)
        ]
        await asyncio.to_thread(shadow.wait_for_connections, 2)
        async with asyncio.timeout(5):
            await sender.close()
            return await asyncio.gather(*flying)

    with RecordingShadow(serve=fault, receive_buffer=4096) as shadow:
        results = with_sender(shadow.url, use)
        assert outcomes(results) == [Outcome.PROTOCOL_ERROR] * 2


def test_close_closes_idle_connections() -> None:
    with RecordingShadow() as shadow:
        send_at_once(shadow.url, *(copy() for _ in range(4)))
        shadow.wait_until_closed()
