from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap import signature
from shadowtap.send.compose import ENTROPY, Message, address, compose, sendable, shadow_host
from shadowtap.send.copy import Copy
from shadowtap.settings.model import Target
from tests.support.sending import copy

KEY = b"0123456789abcdef"
LINK = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def message(
    one: Copy,
    url: str = "http://v2.test:8000",
    *,
    host: str = "target",
    headers: tuple[tuple[str, str], ...] = (),
    key: bytes | None = None,
    entropy: bytes = bytes(range(ENTROPY)),
) -> Message:
    target = Target(name="v2", url=url, host=host, headers=headers)
    return compose(address(target), one, key=key, now=1700000000, entropy=entropy)


def values(made: Message, name: bytes) -> list[bytes]:
    return [value for key, value in made.headers if key.lower() == name.lower()]


def value(made: Message, name: bytes) -> bytes:
    (only,) = values(made, name)
    return only


# The request target


@pytest.mark.parametrize(
    ("url", "path", "query", "target"),
    [
        ("http://v2", b"/", b"", b"/"),
        ("http://v2", b"/a/b", b"c=d", b"/a/b?c=d"),
        ("http://v2/", b"/a", b"", b"/a"),
        ("http://v2/pre/fix", b"/a", b"x", b"/pre/fix/a?x"),
        ("http://v2/pre/", b"/a", b"", b"/pre/a"),
        ("http://v2/p%2Fre", b"/", b"", b"/p%2Fre/"),
        ("http://v2", b"", b"", b"/"),
        ("http://v2", b"*", b"", b"/*"),
    ],
)
def test_the_target_is_prefix_path_and_query(url: str, path: bytes, query: bytes, target: bytes) -> None:
    assert message(copy(path, query=query), url).target == target


@pytest.mark.parametrize(
    "path",
    [b"/%41%2f%2F%7e", b"//double//", b"/./a/../b/.", b"/a;b=c,d", b"/\"<>\\^`{|}", b"/%", b"/%zz", b"/a:b@c"],
)
def test_a_path_is_sent_byte_for_byte(path: bytes) -> None:
    assert message(copy(path)).target == path


@pytest.mark.parametrize("query", [b"a=1&a=2&&=", b"q=%7E+%20", b"?", b"a?b", b"[x]={y}", b"%"])
def test_a_query_is_sent_byte_for_byte(query: bytes) -> None:
    assert message(copy(b"/", query=query)).target == b"/?" + query


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (b"/a b", b"/a%20b"),
        (b"/a HTTP/1.1\r\nX: y\r\n\r\n", b"/a%20HTTP/1.1%0D%0AX:%20y%0D%0A%0D%0A"),
        ("/é".encode(), b"/%C3%A9"),
        (b"/\xff\x00\x7f", b"/%FF%00%7F"),
        (b"/a#b", b"/a%23b"),
        (b"/a?b", b"/a%3Fb"),
    ],
)
def test_what_no_target_may_hold_is_escaped(path: bytes, target: bytes) -> None:
    assert message(copy(path)).target == target


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_target_is_visible_ascii_and_has_one_query(path: bytes, query: bytes) -> None:
    target = message(copy(b"/" + path, query=query)).target
    assert all(0x21 <= byte <= 0x7E and byte != 0x23 for byte in target)
    assert target.partition(b"?")[1] == (b"?" if query else b"")


@pytest.mark.parametrize("method", ["GET", "POST", "PROPFIND", "M-SEARCH"])
def test_a_method_is_a_token(method: str) -> None:
    assert sendable(method)
    assert message(copy(method=method)).method == method


@pytest.mark.parametrize("method", ["", "GET /x HTTP/1.1\r\nHost:", "A B", "CONNECT", "connect", "É"])
def test_other_methods_cannot_be_sent(method: str) -> None:
    assert not sendable(method)


def test_a_method_is_sent_in_upper_case() -> None:
    assert message(copy(method="get")).method == "GET"


# Host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://v2.test", b"v2.test"),
        ("http://v2.test:80/x", b"v2.test"),
        ("http://v2.test:8000", b"v2.test:8000"),
        ("http://v2.test:443", b"v2.test:443"),
        ("https://v2.test:443", b"v2.test"),
        ("https://[::1]:443", b"[::1]"),
        ("http://[::1]:8000", b"[::1]:8000"),
    ],
)
def test_the_host_of_the_target_has_no_needless_port(url: str, host: bytes) -> None:
    assert value(message(copy(), url), b"Host") == host


@pytest.mark.parametrize(
    ("policy", "host"),
    [
        ("target", b"v2.test:8000"),
        ("original", b"shop.example:444"),
        ("suffix", b"shop.example-shadow:444"),
        ("fixed.example:81", b"fixed.example:81"),
    ],
)
def test_the_host_follows_the_policy(policy: str, host: bytes) -> None:
    made = message(copy(host=b"shop.example:444", headers=((b"Host", b"client's"),)), host=policy)
    assert made.headers[0] == (b"Host", host)
    assert len(values(made, b"host")) == 1


@pytest.mark.parametrize("asked_for", [b"", b"a b", b"x\r\nX-Injected: 1", "é".encode(), b"a/b"])
@pytest.mark.parametrize("policy", ["original", "suffix"])
def test_without_a_proper_host_of_the_client_it_is_the_targets(policy: str, asked_for: bytes) -> None:
    assert value(message(copy(host=asked_for), host=policy), b"Host") == b"v2.test:8000"


@pytest.mark.parametrize(
    ("host", "shadow"),
    [
        (b"x", b"x-shadow"),
        (b"h:8000", b"h-shadow:8000"),
        (b"127.0.0.1:80", b"127.0.0.1-shadow:80"),
        (b"127.0.0.1", b"127.0.0.1-shadow"),
        (b"[::1]:80", b"[::1]-shadow:80"),
        (b"[::1]", b"[::1]-shadow"),
        (b"::1", b"::1-shadow"),
        (b"h:", b"h:-shadow"),
    ],
)
def test_the_suffix_goes_before_the_port(host: bytes, shadow: bytes) -> None:
    assert shadow_host(host) == shadow


# The client's own fields


def test_the_clients_fields_keep_order_case_and_duplicates() -> None:
    own = ((b"X-b", b"1"), (b"accept", b"*/*"), (b"X-B", b"2"), (b"User-Agent", b"curl"), (b"x-b", b""))
    made = message(copy(headers=own))
    assert made.headers[1 : 1 + len(own)] == list(own)


@pytest.mark.parametrize(
    "name",
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Expect", "HTTP2-Settings", "Content-Length",
    ],
)  # fmt: skip
def test_a_hop_by_hop_field_is_never_sent(name: str) -> None:
    made = message(
        copy(headers=((name.upper().encode(), b"100-continue"),), set_headers=((name, "1"),)),
        headers=((name, "2"),),
    )
    assert values(made, name.encode()) == []


@pytest.mark.parametrize("name", ["tracestate", "b3", "X-B3-TraceId", "uber-trace-id", "X-Amzn-Trace-Id"])
def test_the_primarys_trace_context_is_not_taken_over(name: str) -> None:
    assert values(message(copy(headers=((name.encode(), b"1"),))), name.encode()) == []


def test_a_shadow_mark_of_the_client_is_not_sent() -> None:
    made = message(copy(headers=((b"X-SHADOW-Request", b"forged"), (b"x-shadow-other", b"1"))))
    assert value(made, b"x-shadow-request") == b"true"
    assert values(made, b"x-shadow-other") == []


@pytest.mark.parametrize("name", [b"", b"a b", b"a:b", b"a\r\nb", "é".encode(), b"\x00"])
def test_a_field_whose_name_is_no_token_is_left_out(name: bytes) -> None:
    assert values(message(copy(headers=((name, b"1"),))), name) == []


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b"a\r\nX-Injected: 1", b"a  X-Injected: 1"),
        (b"a\nb", b"a b"),
        (b"a\rb", b"a b"),
        (b"a\x00b\x7f", b"a b"),
        (b"tab\tstays", b"tab\tstays"),
        (b"\x80\xff", b"\x80\xff"),
    ],
)
def test_a_control_character_in_a_value_becomes_a_space(raw: bytes, sent: bytes) -> None:
    made = message(copy(headers=((b"X-Value", raw),)))
    assert value(made, b"X-Value") == sent


# Configured fields


def test_fields_of_the_target_replace_the_clients() -> None:
    made = message(copy(headers=((b"X-Team", b"a"), (b"x-team", b"b"))), headers=(("X-TEAM", "shadow"),))
    assert values(made, b"x-team") == [b"shadow"]
    assert (b"X-TEAM", b"shadow") in made.headers


def test_fields_of_the_rule_replace_the_targets() -> None:
    made = message(copy(set_headers=(("authorization", "rule"),)), headers=(("Authorization", "target"),))
    assert values(made, b"authorization") == [b"rule"]


def test_configured_fields_are_those_of_one_copy_alone() -> None:
    message(copy(set_headers=(("X-Rule", "1"),)))
    assert values(message(copy()), b"X-Rule") == []


@pytest.mark.parametrize(
    "name", ["X-Shadow-Request", "x-shadow-id", "traceparent", "Host", "a b", "é", ""]
)
def test_a_configured_field_cannot_stand_in_for_ours(name: str) -> None:
    plain, configured = message(one := copy()), message(one, headers=((name, "forged"),))
    assert configured.headers == plain.headers


def test_a_configured_value_cannot_inject_a_field() -> None:
    made = message(copy(), headers=(("X-Team", "a\r\nX-Injected: 1"),))
    assert value(made, b"X-Team") == b"a  X-Injected: 1"


# Framing


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND"])
def test_without_a_body_there_is_no_length(method: str) -> None:
    assert values(message(copy(method=method)), b"Content-Length") == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_empty_body_of_a_method_that_has_one_has_the_length_0(method: str) -> None:
    assert value(message(copy(method=method)), b"Content-Length") == b"0"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_length_is_that_of_the_body_that_is_sent(method: str) -> None:
    lying = ((b"Content-Length", b"999"), (b"Transfer-Encoding", b"chunked"))
    made = message(copy(method=method, body="zwölf".encode(), headers=lying))
    assert value(made, b"Content-Length") == b"6"
    assert made.body == "zwölf".encode()


# Marks


def test_a_copy_is_marked_and_has_its_id() -> None:
    made = message(one := copy())
    assert value(made, b"X-Shadow-Request") == b"true"
    assert value(made, b"X-Shadow-Id") == one.id.encode()


def test_the_trace_context_is_fresh() -> None:
    own = ((b"Traceparent", LINK.encode()),)
    made = message(copy(headers=own), entropy=bytes(range(ENTROPY)))
    assert value(made, b"traceparent") == b"00-000102030405060708090a0b0c0d0e0f-1011121314151617-00"


@pytest.mark.parametrize(("flags", "sampled"), [("00", b"00"), ("01", b"01"), ("02", b"00"), ("ff", b"01")])
def test_the_primarys_trace_is_linked_and_its_sampling_kept(flags: str, sampled: bytes) -> None:
    link = LINK[:-2] + flags
    made = message(copy(link=link))
    assert value(made, b"X-Shadow-Link") == link.encode()
    assert value(made, b"traceparent")[-2:] == sampled


@pytest.mark.parametrize("link", ["", "nonsense", LINK + "\r\nX-Injected: 1", LINK.upper(), "ff" + LINK[2:]])
def test_without_a_proper_link_there_is_none(link: str) -> None:
    made = message(copy(link=link))
    assert values(made, b"X-Shadow-Link") == []
    assert value(made, b"traceparent").endswith(b"-00")


def test_without_a_key_there_is_no_signature() -> None:
    assert values(message(copy()), b"X-Shadow-Signature") == []


def test_the_signature_covers_what_goes_over_the_wire() -> None:
    one = copy(b"/a b", method="post", query=b"c=%64", body=b"hello")
    made = message(one, "http://v2/prefix", key=KEY)
    assert made.target == b"/prefix/a%20b?c=%64"
    claim = signature.parse(value(made, b"X-Shadow-Signature").decode())
    assert claim is not None
    assert claim.time == 1700000000
    assert claim.verify(KEY, method=made.method, target=made.target, id=one.id)
    assert claim.covers(made.body)


@given(
    st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=20)), max_size=6),
    st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), max_size=3),
    st.binary(max_size=20),
    st.sampled_from(["target", "original", "suffix"]),
    st.text(max_size=60),
)
def test_no_input_breaks_out_of_its_field(
    client: list[tuple[bytes, bytes]],
    configured: list[tuple[str, str]],
    asked_for: bytes,
    policy: str,
    link: str,
) -> None:
    one = copy(headers=tuple(client), set_headers=tuple(configured), host=asked_for, link=link, body=b"x")
    made = message(one, host=policy, key=KEY)
    for name, content in made.headers:
        assert TOKEN.fullmatch(name)
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", content)
    for name in (b"host", b"content-length", b"traceparent", b"x-shadow-request", b"x-shadow-id", b"x-shadow-signature"):
        assert len(values(made, name)) == 1
