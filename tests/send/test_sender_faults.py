"""Whatever a shadow does: an outcome, in time, and a connection that is given up."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.breaker import Breaker, State
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Result
from tests.support import faults
from tests.support.messages import reply
from tests.support.sending import copy, send, with_sender
from tests.support.shadow import Line, RecordingShadow
from tests.support.waiting import until

LIMIT = 0.3
AT_ONCE = 5.0
"""Seconds that even a loaded machine takes for what needs no waiting."""

BIG = b"x" * 5_000_000


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.hang, Outcome.TIMEOUT),
        (faults.slow_head, Outcome.TIMEOUT),
        (faults.slow_drip, Outcome.TIMEOUT),
        (faults.continue_for_ever, Outcome.PROTOCOL_ERROR),
        (faults.close_unanswered, Outcome.PROTOCOL_ERROR),
        (faults.reset, Outcome.PROTOCOL_ERROR),
        (faults.reset_in_answer, Outcome.PROTOCOL_ERROR),
        (faults.end_in_answer, Outcome.PROTOCOL_ERROR),
        (faults.garbage, Outcome.PROTOCOL_ERROR),
        (faults.bad_chunks, Outcome.PROTOCOL_ERROR),
        (faults.switch_protocols, Outcome.PROTOCOL_ERROR),
        (faults.endless_head, Outcome.PROTOCOL_ERROR),
        (faults.endless_field, Outcome.PROTOCOL_ERROR),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_fault_has_its_outcome_in_time(fault: faults.Fault, outcome: Outcome, method: str) -> None:
    with RecordingShadow(serve=fault) as shadow:
        start = time.monotonic()
        assert send(
            shadow.url, copy(method=method, timeout=LIMIT if outcome is Outcome.TIMEOUT else 20.0)
        ) == [(outcome, None)]
        assert time.monotonic() - start < LIMIT + AT_ONCE
        shadow.wait_until_closed()


@pytest.mark.parametrize("fault", [faults.endless_body, faults.endless_chunks])
def test_an_endless_answer_is_read_to_the_cap_and_the_connection_given_up(fault: faults.Fault) -> None:
    async def use(sender: Sender) -> Result:
        result = await sender.send(copy())
        await asyncio.to_thread(shadow.wait_until_closed)
        return result

    with RecordingShadow(serve=fault) as shadow:
        outcome, answer = with_sender(shadow.url, use, max_answer=10_000)
    assert outcome is Outcome.ANSWERED
    assert answer is not None
    assert answer.body == b"x" * 10_000
    assert answer.truncated


def test_a_gzip_bomb_is_not_inflated() -> None:
    with RecordingShadow(serve=faults.gzip_bomb) as shadow:
        (first, second) = send(shadow.url, copy(), copy(), max_answer=100_000)
        assert first[0] is second[0] is Outcome.ANSWERED
        assert second[1] is not None
        assert len(second[1].body) < 100_000
        assert shadow.connections == 1


def test_interim_answers_are_passed_over() -> None:
    with RecordingShadow(serve=faults.continue_first) as shadow:
        (first, second) = send(shadow.url, copy(), copy(method="POST", body=b"x"))
        assert [answer.status for _, answer in (first, second) if answer] == [200, 200]
        assert shadow.connections == 1


@pytest.mark.parametrize("size", [40_000, 5_000_000])  # the kernel takes all of the one, and not of the other
def test_a_shadow_that_never_reads_costs_the_time_limit_and_no_more(size: int) -> None:
    async def use(sender: Sender) -> Result:
        result = await sender.send(copy(method="POST", body=b"x" * size, timeout=LIMIT))
        # A closed connection would wait for the shadow to read; one that was given up is gone.
        await asyncio.to_thread(given_up.wait, 10)
        return result

    given_up = threading.Event()

    def serve(line: Line) -> None:
        until(line.closed_by_peer, 10)
        given_up.set()

    with RecordingShadow(serve=serve, receive_buffer=4096) as shadow:
        start = time.monotonic()
        assert with_sender(shadow.url, use) == (Outcome.TIMEOUT, None)
        assert given_up.is_set()
        assert time.monotonic() - start < LIMIT + AT_ONCE


def test_a_shadow_that_reads_slowly_costs_the_time_limit() -> None:
    def serve(line: Line) -> None:
        while line.take_some(1000):
            line.pause(0.01)

    with RecordingShadow(serve=serve, receive_buffer=4096) as shadow:
        assert send(shadow.url, copy(method="POST", body=BIG, timeout=LIMIT)) == [(Outcome.TIMEOUT, None)]
        shadow.wait_until_closed()


def test_an_answer_before_the_body_was_read_is_an_answer() -> None:
    async def use(sender: Sender) -> Result:
        result = await sender.send(copy(method="POST", body=BIG))
        await asyncio.to_thread(given_up.wait, 10)
        return result

    given_up = threading.Event()

    def serve(line: Line) -> None:
        line.read_head()
        line.send(reply(413))
        until(line.closed_by_peer, 10)
        given_up.set()

    with RecordingShadow(serve=serve, receive_buffer=4096) as shadow:
        outcome, answer = with_sender(shadow.url, use)
        assert given_up.is_set()
    assert outcome is Outcome.ANSWERED
    assert answer is not None
    assert answer.status == 413


def test_a_port_that_refuses_is_a_connect_error() -> None:
    with faults.refusing_port() as port:
        assert send(f"http://127.0.0.1:{port}", copy(), copy()) == [(Outcome.CONNECT_ERROR, None)] * 2


def test_a_port_where_nobody_accepts_is_a_timeout() -> None:
    with faults.deaf_port() as port:
        start = time.monotonic()
        assert send(f"http://127.0.0.1:{port}", copy(timeout=LIMIT)) == [(Outcome.TIMEOUT, None)]
        assert time.monotonic() - start < LIMIT + AT_ONCE


@pytest.mark.parametrize("host", ["does-not-exist.invalid", "with_underscore.invalid", "a..invalid"])
def test_a_name_that_does_not_resolve_is_a_connect_error(host: str) -> None:
    assert send(f"http://{host}:80", copy(timeout=30.0), timeout=30.0) == [(Outcome.CONNECT_ERROR, None)]


def test_hung_dns_is_a_timeout_and_costs_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, calls = threading.Event(), []

    def hang(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        calls.append(host)
        let_go.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    async def use(sender: Sender) -> list[Result]:
        before = threading.active_count()
        results = []
        for _ in range(3):
            results += await asyncio.gather(*(sender.send(copy(timeout=0.05)) for _ in range(20)))
        assert threading.active_count() <= before + 1
        return results

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        results = with_sender("http://slow-dns.test:80", use, connections=16)
    finally:
        let_go.set()
    assert results == [(Outcome.TIMEOUT, None)] * 60
    assert calls == ["slow-dns.test"]


def test_a_name_is_not_looked_up_for_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    original = socket.getaddrinfo

    def count(host: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(host)
        return original("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", count)
    with RecordingShadow(lambda request: reply(headers=[("Connection", "close")])) as shadow:
        results = send(f"http://shadow.test:{shadow.port}", *(copy() for _ in range(5)))
        assert [outcome for outcome, _ in results] == [Outcome.ANSWERED] * 5
        assert shadow.connections == 5
    assert calls.count("shadow.test") == 1


def test_the_breaker_spares_a_shadow_that_fails_and_finds_it_again() -> None:
    broken = threading.Event()
    broken.set()

    def serve(line: Line) -> None:
        while line.read_request() is not None and not broken.is_set():
            line.send(reply())

    breaker = Breaker(3, 0.2, jitter=lambda: 0.0)

    async def use(sender: Sender) -> list[Outcome]:
        found = [(await sender.send(copy()))[0] for _ in range(10)]
        assert breaker.state is State.OPEN
        assert len(shadow.requests) == 3
        broken.clear()
        async with asyncio.timeout(10):
            while breaker.blocks():  # noqa: ASYNC110 - it is the clock that is waited for
                await asyncio.sleep(0.01)
        return found + [
            outcome for outcome, _ in await asyncio.gather(*(sender.send(copy()) for _ in range(8)))
        ]

    with RecordingShadow(serve=serve) as shadow:
        found = with_sender(shadow.url, use, breaker=breaker)
        assert found[:10] == [Outcome.PROTOCOL_ERROR] * 3 + [Outcome.BREAKER_OPEN] * 7
        assert found[10:].count(Outcome.ANSWERED) >= 1
        assert set(found[10:]) <= {Outcome.ANSWERED, Outcome.BREAKER_OPEN}
        assert breaker.state is State.CLOSED


def test_after_any_fault_the_next_copy_gets_its_answer() -> None:
    broken = [
        faults.reset, faults.garbage, faults.switch_protocols, faults.endless_head, faults.reset_in_answer,
        faults.bad_chunks, faults.endless_body, faults.hang, faults.slow_drip, faults.continue_for_ever,
    ]  # fmt: skip

    def serve(line: Line) -> None:
        if line.number <= len(broken):
            broken[line.number - 1](line)
        else:
            shadow._answer_all(line)

    with RecordingShadow(serve=serve) as shadow:
        results = send(
            shadow.url, *(copy(timeout=20.0) for _ in broken), copy(), timeout=LIMIT, max_answer=1000
        )
        assert results[-1][0] is Outcome.ANSWERED
        assert shadow.connections == len(broken) + 1
        shadow.wait_until_closed()


def test_all_at_once_and_mixed_every_copy_has_an_outcome() -> None:
    kinds = [
        faults.reset,
        faults.garbage,
        faults.hang,
        faults.slow_drip,
        faults.endless_body,
        faults.close_unanswered,
    ]

    def serve(line: Line) -> None:
        kinds[line.number % len(kinds)](line)

    async def use(sender: Sender) -> list[Result]:
        return await asyncio.gather(*(sender.send(copy(timeout=20.0)) for _ in range(60)))

    with RecordingShadow(serve=serve) as shadow:
        start = time.monotonic()
        results = with_sender(shadow.url, use, connections=16, timeout=1.0, max_answer=1000)
        assert time.monotonic() - start < 1.0 + AT_ONCE
        assert len(results) == 60
        assert {outcome for outcome, _ in results} >= {
            Outcome.PROTOCOL_ERROR,
            Outcome.TIMEOUT,
            Outcome.ANSWERED,
        }
        assert shadow.most_open <= 16 + 4  # some that were given up may not have been noticed yet
        shadow.wait_until_closed()
