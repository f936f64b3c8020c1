from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    [b"/%41%2f%2F%7e", b"//double//", b"/./a/../b/.", b"/a;b=c,d", b'/"<>\\^`{|}', b"/%", b"/%zz", b"/a:b@c"],
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
