"""What goes over the wire."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowtap import signature
from shadowtap.outcome import Outcome
from tests.support.messages import Recorded, parse_head, reply
from tests.support.sending import copy, send
from tests.support.shadow import RecordingShadow

KEY = b"0123456789abcdef"


def sent(*copies, **options) -> list[Recorded]:
    """Send copies to a healthy shadow and return what arrived."""
    with RecordingShadow() as shadow:
        results = send(shadow.url + options.pop("prefix", ""), *copies, **options)
        assert [outcome for outcome, _ in results] == [Outcome.ANSWERED] * len(copies)
        return shadow.wait_for(len(copies))


def test_nothing_is_sent_but_the_clients_fields_and_ours() -> None:
    (request,) = sent(one := copy(b"/a", headers=((b"X-Own", b"1"),)))
    assert [name for name, _ in request.headers] == [
        b"Host",
        b"X-Own",
        b"traceparent",
        b"X-Shadow-Request",
        b"X-Shadow-Id",
    ]
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
        (b'/"<>\\^`{|}', b'"<>\\^`{|}'),
        (b"/%zz%", b"%"),
    ],
)
def test_the_target_arrives_byte_for_byte(path: bytes, query: bytes) -> None:
    (request,) = sent(copy(path, query=query), prefix="/v2")
    assert request.target == b"/v2" + path + b"?" + query


VISIBLE = st.binary(max_size=30).map(
    lambda raw: bytes(0x21 + byte % 0x5E for byte in raw).replace(b"#", b"!")
)


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
    ("policy", "host"),
    [("original", b"shop.example"), ("suffix", b"shop.example-shadow"), ("x.test:9", b"x.test:9")],
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
