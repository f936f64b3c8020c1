from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.turns import Result
from tests.support import certificates, faults, http2
from tests.support.messages import Recorded
from tests.support.sending import copy, send, send_at_once
from tests.support.shadow import RecordingShadow


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    return {"http2": True, "ca_file": certificates.ca_file(tmp_path)}


def shadow_with(serve: Any, **more: Any) -> RecordingShadow:
    return RecordingShadow(serve=serve, tls=certificates.context("127.0.0.1", alpn=http2.ALPN), **more)


def outcomes(results: list[Result]) -> list[Outcome]:
    return [outcome for outcome, _ in results]


def test_a_copy_arrives_byte_for_byte(options: dict[str, Any]) -> None:
    with shadow_with(http2.serve()) as shadow:
        one = copy(
            b"/%41/../b", query=b"q=%7e", method="POST", body=b"hi", headers=((b"x-a", b"1"), (b"x-a", b"2"))
        )
        ((outcome, answer),) = send(shadow.url + "/v2", one, **options, key=b"0123456789abcdef")
        assert outcome is Outcome.ANSWERED
        assert answer is not None
        assert (answer.status, answer.body) == (200, b"ok")
        (request,) = shadow.requests
    assert (request.method, request.target, request.body) == ("POST", b"/v2/%41/../b?q=%7e", b"hi")
    assert request.header("host") == f"127.0.0.1:{shadow.port}".encode()
    assert request.all("x-a") == [b"1", b"2"]
    assert request.header("x-shadow-signature")
    assert {name for name, _ in request.headers} == {
        b"host", b"x-a", b"content-length", b"traceparent",
        b"x-shadow-request", b"x-shadow-id", b"x-shadow-signature",
    }  # fmt: skip


def test_copies_share_one_connection_at_once(options: dict[str, Any]) -> None:
    with shadow_with(http2.serve()) as shadow:
        results = send_at_once(shadow.url, *(copy() for _ in range(50)), **options, connections=16)
        assert set(outcomes(results)) == {Outcome.ANSWERED}
        assert len(shadow.requests) == 50
        assert shadow.connections < 16


def test_a_target_that_offers_http_1_alone_gets_it(options: dict[str, Any]) -> None:
    with RecordingShadow(tls=certificates.context("127.0.0.1")) as shadow:
        results = send(shadow.url, copy(b"/a%41"), copy(method="POST", body=b"x"), **options)
        assert outcomes(results) == [Outcome.ANSWERED] * 2
        assert [request.target for request in shadow.requests] == [b"/a%41", b"/"]
        assert shadow.connections == 1


def test_a_target_without_tls_gets_http_1(options: dict[str, Any]) -> None:
    with RecordingShadow() as shadow:
        assert outcomes(send(shadow.url, copy(), **options)) == [Outcome.ANSWERED]


def test_a_long_answer_is_read_to_the_cap(options: dict[str, Any]) -> None:
    with shadow_with(http2.serve(lambda request: b"x" * 1_000_000)) as shadow:
        ((outcome, answer),) = send(shadow.url, copy(), **options, max_answer=1000)
        assert outcome is Outcome.ANSWERED
        assert answer is not None
        assert (len(answer.body), answer.truncated) == (1000, True)
        shadow.wait_until_closed()


def test_endless_answers_do_not_use_up_the_connection(options: dict[str, Any]) -> None:
    with shadow_with(http2.serve(lambda request: None, streams=4)) as shadow:
        results = send(shadow.url, *(copy() for _ in range(20)), **options, max_answer=1000)
        assert outcomes(results) == [Outcome.ANSWERED] * 20
        shadow.wait_until_closed()


def test_answers_that_are_given_up_do_not_disturb_the_others(options: dict[str, Any]) -> None:
    def body(request: Recorded) -> bytes | None:
        return b"x" * 200_000 if request.target == b"/long" else b"whole"

    copies = [copy(path) for _ in range(30) for path in (b"/long", b"/")]
    with shadow_with(http2.serve(body)) as shadow:
        results = send_at_once(shadow.url, *copies, **options, connections=8, max_answer=1000)
        shadow.wait_until_closed()
    assert set(outcomes(results)) == {Outcome.ANSWERED}
    assert {answer.truncated for _, answer in results[::2] if answer} == {True}
    assert {answer.body for _, answer in results[1::2] if answer} == {b"whole"}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.hang, Outcome.TIMEOUT),
        (faults.read_nothing, Outcome.TIMEOUT),
        (faults.reset, Outcome.PROTOCOL_ERROR),
        (faults.close_unanswered, Outcome.PROTOCOL_ERROR),
        # What h2 takes for the length of a frame is more than ever comes.
        (faults.garbage, Outcome.TIMEOUT),
    ],
)
@pytest.mark.parametrize("size", [0, 3_000_000])
def test_a_fault_has_its_outcome_in_time(
    options: dict[str, Any], fault: faults.Fault, outcome: Outcome, size: int
) -> None:
    with shadow_with(fault, receive_buffer=4096) as shadow:
        start = time.monotonic()
        limit = 0.5 if outcome is Outcome.TIMEOUT else 20.0
        one = copy(method="POST", body=b"x" * size, timeout=limit)
        assert outcomes(send(shadow.url, one, **options)) == [outcome]
        assert time.monotonic() - start < limit + 5
        assert shadow.connections == 1


def test_an_unknown_authority_is_a_tls_error() -> None:
    with shadow_with(http2.serve()) as shadow:
        assert outcomes(send(shadow.url, copy(), http2=True)) == [Outcome.TLS_ERROR]


def test_a_port_that_refuses_is_a_connect_error(options: dict[str, Any]) -> None:
    with faults.refusing_port() as port:
        assert outcomes(send(f"https://127.0.0.1:{port}", copy(), **options)) == [Outcome.CONNECT_ERROR]


def test_an_unanswered_copy_is_not_sent_twice(options: dict[str, Any]) -> None:
    with RecordingShadow(serve=faults.close_unanswered, tls=certificates.context("127.0.0.1")) as shadow:
        assert outcomes(send(shadow.url, copy(), **options)) == [Outcome.PROTOCOL_ERROR]
        assert shadow.connections == 1
