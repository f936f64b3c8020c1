from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap import signature
from shadowtap.send.compose import ENTROPY, Message, address, compose
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


# The client's own fields


def test_the_clients_fields_keep_order_case_and_duplicates() -> None:
    own = ((b"X-b", b"1"), (b"accept", b"*/*"), (b"X-B", b"2"), (b"User-Agent", b"curl"), (b"x-b", b""))
    made = message(copy(headers=own))
    assert made.headers[1 : 1 + len(own)] == list(own)


@pytest.mark.parametrize(
    "name",
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "HTTP2-Settings", "Content-Length",
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


@pytest.mark.parametrize("name", ["X-Shadow-Request", "x-shadow-id", "traceparent", "Host", "a b", "é", ""])
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
    for name in (
        "host",
        "content-length",
        "traceparent",
        "x-shadow-request",
        "x-shadow-id",
        "x-shadow-signature",
    ):
        assert len(values(made, name.encode())) == 1
