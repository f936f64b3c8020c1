"""What comes back."""

from __future__ import annotations

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.copy import Answer
from tests.support.messages import reply
from tests.support.sending import copy, send
from tests.support.shadow import RecordingShadow


def answer_to(raw: bytes, **options) -> Answer:
    """Send a copy to a shadow that answers this, and return the answer."""
    with RecordingShadow(lambda request: raw) as shadow:
        ((outcome, answer),) = send(shadow.url, copy(), **options)
        assert outcome is Outcome.ANSWERED
        assert answer is not None
        return answer


def test_an_answer_has_status_headers_and_body() -> None:
    answer = answer_to(reply(404, [("X-One", "1"), ("x-one", "2"), ("Set-Cookie", "a=b")], b"nothing here"))
    assert answer.status == 404
    assert answer.headers == (
        (b"X-One", b"1"),
        (b"x-one", b"2"),
        (b"Set-Cookie", b"a=b"),
        (b"Content-Length", b"12"),
    )
    assert answer.body == b"nothing here"
    assert not answer.truncated
    assert 0 < answer.duration < 10
    assert 0 <= answer.queued < 10


@pytest.mark.parametrize("status", [200, 204, 304, 400, 500, 503, 599])
def test_whatever_the_status_it_is_an_answer(status: int) -> None:
    body = b"" if status in (204, 304) else b"ok"
    raw = b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
    assert answer_to(raw).status == status


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with RecordingShadow() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            assert answer_to(reply(status, [("Location", elsewhere.url)])).status == status
        assert elsewhere.connections == 0


def test_an_answer_in_chunks_is_put_together() -> None:
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    assert answer_to(raw).body == b"abcde"


def test_an_answer_that_ends_with_the_connection_is_whole() -> None:
    def serve(line) -> None:
        line.read_request()
        line.send(b"HTTP/1.0 200 OK\r\n\r\nall of it")

    with RecordingShadow(serve=serve) as shadow:
        ((outcome, answer),) = send(shadow.url, copy())
    assert outcome is Outcome.ANSWERED
    assert answer is not None
    assert answer.body == b"all of it"
    assert not answer.truncated


def test_the_answer_to_head_has_no_body_whatever_its_length() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    with RecordingShadow(lambda request: raw) as shadow:
        results = send(shadow.url, copy(method="HEAD"), copy(method="HEAD"))
        assert [answer.body for _, answer in results if answer] == [b"", b""]
        assert shadow.connections == 1


@pytest.mark.parametrize(("size", "truncated"), [(99, False), (100, False), (101, True), (500_000, True)])
def test_an_answer_is_read_up_to_the_cap(size: int, truncated: bool) -> None:
    answer = answer_to(reply(body=b"x" * size), max_answer=100)
    assert answer.body == b"x" * min(size, 100)
    assert answer.truncated is truncated


def test_with_a_cap_of_0_only_the_head_is_kept() -> None:
    answer = answer_to(reply(body=b"x"), max_answer=0)
    assert (answer.status, answer.body, answer.truncated) == (200, b"", True)


def test_a_compressed_answer_stays_compressed() -> None:
    assert (
        answer_to(reply(headers=[("Content-Encoding", "gzip")], body=b"not even gzip")).body
        == b"not even gzip"
    )


def test_a_long_header_field_is_read() -> None:
    policy = "x" * 20_000
    assert (b"Content-Security-Policy", policy.encode()) in answer_to(
        reply(headers=[("Content-Security-Policy", policy)])
    ).headers


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_larger_than_any_buffer_is_read_whole(chunked: bool) -> None:
    body = bytes(range(256)) * 20_000
    if chunked:
        parts = [body[start : start + 300_000] for start in range(0, len(body), 300_000)]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
        raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    else:
        raw = reply(body=body)
    answer = answer_to(raw, max_answer=10_000_000)
    assert answer.body == body
    assert not answer.truncated
