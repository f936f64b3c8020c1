"""What goes over the wire, and what comes back."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry import context

from shadowtap import signature
from shadowtap.exceptions import SettingsError
from shadowtap.outcome import Outcome
from shadowtap.send.copy import Answer
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Result
from tests.support.sending import copy, make_sender, send, send_at_once, with_sender
from tests.support.shadow import Recorded, RecordingShadow, parse_head, reply

KEY = b"0123456789abcdef"


def sent(*copies, **options) -> list[Recorded]:
    """Send copies to a healthy shadow and return what arrived."""
    with RecordingShadow() as shadow:
        results = send(shadow.url + options.pop("prefix", ""), *copies, **options)
        assert [outcome for outcome, _ in results] == [Outcome.ANSWERED] * len(copies)
        return shadow.wait_for(len(copies))


def answer_to(raw: bytes, **options) -> Answer:
    """Send a copy to a shadow that answers this, and return the answer."""
    with RecordingShadow(lambda request: raw) as shadow:
        ((outcome, answer),) = send(shadow.url, copy(), **options)
        assert outcome is Outcome.ANSWERED
        assert answer is not None
        return answer


# The request


def test_nothing_is_sent_but_the_clients_fields_and_ours() -> None:
    (request,) = sent(one := copy(b"/a", headers=((b"X-Own", b"1"),)))
    assert [name for name, _ in request.headers] == [b"Host", b"X-Own", b"traceparent", b"X-Shadow-Request", b"X-Shadow-Id"]
    assert request.header("X-Shadow-Id") == one.id.encode()


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_copy_without_a_body_has_no_length(method: str) -> None:
    (request,) = sent(copy(method=method))
    assert request.method == method
    assert request.header("Content-Length") is None
    assert request.header("Transfer-Encoding") is None
    assert request.header("Content-Type") is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_empty_body_is_declared(method: str) -> None:
    (request,) = sent(copy(method=method))
    assert request.header("Content-Length") == b"0"
    assert request.header("Content-Type") is None


@pytest.mark.parametrize("size", [1, 1000, 64 * 1024, 64 * 1024 + 1, 3_000_000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_body_arrives_whole_with_its_length(method: str, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    body = body[:size]
    (request,) = sent(copy(method=method, body=body))
    assert request.body == body
    assert request.header("Content-Length") == b"%d" % size
    assert request.header("Transfer-Encoding") is None


def test_fields_arrive_in_order_with_case_and_duplicates() -> None:
    own = ((b"x-b", b"2"), (b"X-A", b"1"), (b"X-B", b"3"), (b"User-Agent", b"curl/8"), (b"Accept", b""))
    (request,) = sent(copy(headers=own))
    assert tuple(request.headers[1:6]) == own


def test_utf8_in_a_value_arrives_as_it_is() -> None:
    (request,) = sent(copy(headers=((b"X-City", "Köln 東京".encode()),)))
    assert request.header("X-City") == "Köln 東京".encode()


def test_other_bytes_in_a_value_arrive_as_their_latin_1_reading() -> None:
    (request,) = sent(copy(headers=((b"X-City", b"K\xf6ln"), (b"X-Other", "Köln".encode()))))
    assert request.header("X-City") == "Köln".encode()
    assert request.header("X-Other") == "Köln".encode()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (b"/%41%2f%7e/../a", b"x=%7E+%20&&y"),
        (b"//evil.example/path", b"?"),
        (b"/a@b:80/http://c", b"//d"),
        (b"/\"<>\\^`{|}", b"\"<>\\^`{|}"),
        (b"/%zz%", b"%"),
    ],
)
def test_the_target_arrives_byte_for_byte(path: bytes, query: bytes) -> None:
    (request,) = sent(copy(path, query=query), prefix="/v2")
    assert request.target == b"/v2" + path + b"?" + query


VISIBLE = st.binary(max_size=30).map(lambda raw: bytes(0x21 + byte % 0x5E for byte in raw).replace(b"#", b"!"))


@settings(max_examples=30)
@given(st.lists(st.tuples(VISIBLE, VISIBLE), min_size=1, max_size=20))
def test_every_target_arrives_as_it_was_composed(targets: list[tuple[bytes, bytes]]) -> None:
    copies = [copy(b"/" + path.replace(b"?", b"!"), query=query) for path, query in targets]
    for one, request in zip(copies, sent(*copies), strict=True):
        path, query = one.request.path, one.request.query
        assert request.target == path + (b"?" + query if query else b"")


@settings(max_examples=30)
@given(
    st.binary(max_size=30),
    st.binary(max_size=30),
    st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=30)), max_size=5),
    st.binary(max_size=200),
)
def test_no_input_breaks_out_of_its_request(
    path: bytes, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    one = copy(path, query=query, headers=tuple(headers), body=body, host=path, method="POST")
    with RecordingShadow() as shadow:
        results = send(shadow.url, one, one, host="original")
        assert [outcome for outcome, _ in results] == [Outcome.ANSWERED] * 2
        assert [request.body for request in shadow.requests] == [body, body]
        for request in shadow.requests:
            assert parse_head(request.head)[:2] == ("POST", request.target)


def test_the_signature_verifies_at_the_shadow() -> None:
    (request,) = sent(one := copy(b"/a b", method="POST", query=b"c=%64", body=b"hi"), key=KEY, prefix="/v2")
    claim = signature.parse((request.header("X-Shadow-Signature") or b"").decode())
    assert claim is not None
    assert claim.verify(KEY, method=request.method, target=request.target, id=one.id)
    assert claim.covers(request.body)
    assert abs(claim.time - time.time()) < 60


def test_each_copy_has_a_trace_of_its_own() -> None:
    found = [request.header("traceparent") or b"" for request in sent(copy(), copy())]
    assert all(re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-00", trace) for trace in found)
    assert len(set(found)) == 2


@pytest.mark.parametrize(
    ("policy", "host"), [("original", b"shop.example"), ("suffix", b"shop.example-shadow"), ("x.test:9", b"x.test:9")]
)
def test_the_host_follows_the_policy(policy: str, host: bytes) -> None:
    (request,) = sent(copy(), host=policy)
    assert request.header("Host") == host


def test_the_host_is_the_targets_by_default() -> None:
    with RecordingShadow() as shadow:
        send(shadow.url, copy())
        assert shadow.requests[0].header("Host") == f"127.0.0.1:{shadow.port}".encode()


def test_a_target_may_be_an_ipv6_address() -> None:
    with RecordingShadow(host="::1") as shadow:
        ((outcome, _),) = send(shadow.url, copy())
        assert outcome is Outcome.ANSWERED
        assert shadow.requests[0].header("Host") == f"[::1]:{shadow.port}".encode()


def test_a_target_may_be_a_name() -> None:
    with RecordingShadow() as shadow:
        ((outcome, _),) = send(f"http://localhost:{shadow.port}", copy())
        assert outcome is Outcome.ANSWERED


@pytest.mark.parametrize("method", ["CONNECT", "A B", ""])
def test_a_method_that_cannot_be_sent_is_excluded(method: str) -> None:
    with RecordingShadow() as shadow:
        assert send(shadow.url, copy(method=method)) == [(Outcome.EXCLUDED, None)]
        assert shadow.connections == 0


def test_proxy_variables_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with RecordingShadow() as proxy, RecordingShadow() as shadow:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.lower(), proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        send(shadow.url, copy())
        assert len(shadow.requests) == 1
        assert proxy.connections == 0


def test_a_netrc_file_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    (request,) = sent(copy())
    assert request.header("Authorization") is None


def test_cookies_of_an_answer_are_not_sent_back() -> None:
    with RecordingShadow(lambda request: reply(headers=[("Set-Cookie", "session=1; Path=/")])) as shadow:
        send(shadow.url, copy(), copy())
        assert [request.header("Cookie") for request in shadow.requests] == [None, None]


# The answer


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
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
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
    assert answer_to(reply(headers=[("Content-Encoding", "gzip")], body=b"not even gzip")).body == b"not even gzip"


def test_a_long_header_field_is_read() -> None:
    policy = "x" * 20_000
    assert (b"Content-Security-Policy", policy.encode()) in answer_to(
        reply(headers=[("Content-Security-Policy", policy)])
    ).headers


# The sender


def test_the_gate_is_asked_before_a_copy_leaves() -> None:
    async def use(sender: Sender) -> Result:
        return await sender.send(copy(), lambda: Outcome.PAUSED)

    with RecordingShadow() as shadow:
        assert with_sender(shadow.url, use) == (Outcome.PAUSED, None)
        assert shadow.connections == 0


def test_a_copy_past_its_end_time_is_not_sent() -> None:
    with RecordingShadow() as shadow:
        assert send(shadow.url, copy(until=time.time() - 1)) == [(Outcome.EXPIRED, None)]
        assert shadow.connections == 0


def test_a_copy_past_its_deadline_is_not_sent() -> None:
    with RecordingShadow() as shadow:
        assert send(shadow.url, copy(timeout=-1.0)) == [(Outcome.TIMEOUT, None)]
        assert shadow.connections == 0


def test_after_close_nothing_is_sent() -> None:
    async def use(sender: Sender) -> Result:
        await sender.send(copy())
        await sender.close()
        return await sender.send(copy())

    with RecordingShadow() as shadow:
        assert with_sender(shadow.url, use) == (Outcome.SHUTDOWN, None)
        assert len(shadow.requests) == 1


def test_a_sender_that_sent_nothing_can_be_closed() -> None:
    asyncio.run(make_sender("http://127.0.0.1:9").close())


def test_a_sender_is_made_without_a_running_loop() -> None:
    make_sender("http://127.0.0.1:9")


def test_to_make_a_sender_opens_no_connection() -> None:
    async def nothing(sender: Sender) -> None: ...

    with RecordingShadow() as shadow:
        with_sender(shadow.url, nothing)
        assert shadow.connections == 0


def test_an_error_that_nobody_foresaw_is_an_outcome(caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError("with a value of the request")

    caplog.set_level(logging.DEBUG, "shadowtap")
    assert send("http://v2.test", copy(), transport=httpx.MockTransport(fail)) == [(Outcome.PROTOCOL_ERROR, None)]
    assert "ZeroDivisionError" in caplog.text
    assert "value of the request" not in caplog.text


def test_our_own_calls_are_not_traced() -> None:
    seen = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(context.get_value("suppress_instrumentation"))
        return httpx.Response(200)

    assert send("http://v2.test", copy(), transport=httpx.MockTransport(handle))[0][0] is Outcome.ANSWERED
    assert seen == [True]
    assert context.get_value("suppress_instrumentation") is None


def test_http2_that_is_not_installed_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h2", None)
    with pytest.raises(SettingsError, match=r"pip install shadowtap\[http2\]"):
        make_sender("https://v2.test", http2=True)


def test_a_ca_file_that_cannot_be_read_is_an_error_at_the_start() -> None:
    with pytest.raises(SettingsError, match="ca_file"):
        make_sender("https://v2.test", ca_file="/does/not/exist.pem")


def test_copies_sent_at_once_get_their_own_answers() -> None:
    with RecordingShadow(lambda request: reply(body=request.target)) as shadow:
        copies = [copy(b"/%d" % number) for number in range(40)]
        results = send_at_once(shadow.url, *copies)
    assert [answer.body for _, answer in results if answer] == [one.request.path for one in copies]
