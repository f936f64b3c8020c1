"""Headers and the host: what travels, what does not, and what is added."""

from __future__ import annotations

import re

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import KEY, fields, fresh, the_copy
from tests.support.servers import raw_request
from tests.support.shadow import RecordingShadow

CREDENTIALS = [
    ("Authorization", "Bearer kanarek-1"),
    ("Proxy-Authorization", "Basic kanarek-2"),
    ("Cookie", "session=kanarek-3"),
    ("Set-Cookie", "session=kanarek-4"),
    ("X-Api-Key", "kanarek-5"),
    ("X-Auth-Token", "kanarek-6"),
    ("X-Csrf-Token", "kanarek-7"),
    ("X-Amz-Security-Token", "kanarek-8"),
]
ADDRESSES = [
    ("X-Forwarded-For", "198.51.100.77, 10.9.8.7"),
    ("Forwarded", 'for=198.51.100.77;proto=https, for="[2001:db8:77::9]"'),
    ("X-Real-Ip", "198.51.100.77"),
]


def netloc(shadow: RecordingShadow) -> str:
    return f"{shadow.host}:{shadow.port}"


@pytest.mark.parametrize("header", CREDENTIALS, ids=lambda header: header[0])
def test_a_credential_reaches_the_app_and_never_the_shadow(
    stage: Stage, mark: str, header: tuple[str, str]
) -> None:
    seen = stage.primary.get(f"/echo/main/{mark}", headers=[header, ("X-Kept", "kept")]).json()["headers"]
    assert header[1] in [value for _, value in seen]
    copy = the_copy(stage.main, mark)
    assert b"kanarek" not in copy.head
    assert ("x-kept", "kept") in fields(copy)


def test_a_rule_can_keep_a_credential(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/kept/{mark}", headers=[("X-Api-Key", "staging"), ("Cookie", "session=kanarek")])
    copy = the_copy(stage.main, mark)
    assert copy.header("X-Api-Key") == b"staging"
    assert b"kanarek" not in copy.head


def test_secrets_in_the_query_do_not_arrive(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}?token=kanarek9&api_key=kanarek9&password=kanarek9&page=2")
    copy = the_copy(stage.main, mark)
    assert b"kanarek9" not in copy.head
    assert copy.target.endswith(b"&page=2")


@pytest.mark.parametrize("header", ADDRESSES, ids=lambda header: header[0])
def test_the_clients_address_is_replaced_by_another(stage: Stage, mark: str, header: tuple[str, str]) -> None:
    stage.primary.get(f"/echo/main/{mark}", headers=[header])
    copy = the_copy(stage.main, mark)
    assert b"198.51.100.77" not in copy.head
    assert b"2001:db8:77::9" not in copy.head
    assert re.search(rb"\d+\.\d+\.\d+\.\d+", copy.header(header[0]) or b"")


def test_hop_by_hop_headers_stay_here(stage: Stage, mark: str) -> None:
    hops = [
        ("Connection", "keep-alive, X-Only-This-Hop"),
        ("Keep-Alive", "timeout=5"),
        ("TE", "trailers"),
        ("Trailer", "X-Sum"),
        ("Proxy-Connection", "keep-alive"),
    ]
    stage.primary.get(f"/echo/main/{mark}", headers=[*hops, ("X-App", "shop")])
    names = dict(fields(the_copy(stage.main, mark)))
    assert not {name.lower() for name, _ in hops} & names.keys()
    assert names["x-app"] == "shop"


def test_a_header_that_the_client_calls_hop_by_hop_stays_here(stage: Stage, mark: str) -> None:
    named = [("Connection", "close, X-Only-This-Hop"), ("X-Only-This-Hop", "yes")]
    stage.primary.get(f"/echo/main/{mark}", headers=named)
    assert "x-only-this-hop" not in dict(fields(the_copy(stage.main, mark)))


def test_a_copy_is_http_1_1_with_marks_of_its_own(stage: Stage) -> None:
    ids = [fresh(), fresh()]
    for one in ids:
        stage.primary.get(f"/echo/main/{one}")
    first, second = (the_copy(stage.main, one) for one in ids)
    assert first.head.partition(b"\r\n")[0].endswith(b" HTTP/1.1")
    assert first.header("X-Shadow-Request") == b"true"
    assert re.fullmatch(rb"[0-9a-f]{32}", first.header("X-Shadow-Id") or b"")
    assert first.header("X-Shadow-Id") != second.header("X-Shadow-Id")
    assert (first.header("X-Shadow-Signature") or b"").startswith(b"v1;")
    assert KEY.encode() not in first.head


def test_marks_that_a_client_forges_are_replaced_and_change_nothing(stage: Stage, mark: str) -> None:
    forged = [
        ("X-Shadow-Request", "true"),
        ("X-Shadow-Id", "0" * 32),
        ("X-Shadow-Signature", "v1;t=1;s=" + "0" * 64),
        ("X-Shadow-Extra", "forged"),
    ]
    assert stage.primary.get(f"/echo/main/{mark}", headers=forged).status == 200
    copy = the_copy(stage.main, mark)
    assert copy.header("X-Shadow-Request") == b"true"
    assert copy.header("X-Shadow-Id") not in (None, b"0" * 32)
    assert b"forged" not in copy.head


def test_a_copy_begins_a_trace_of_its_own_and_links_to_the_primarys(stage: Stage, mark: str) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    stage.primary.get(f"/echo/main/{mark}", headers=[("traceparent", parent)])
    copy = the_copy(stage.main, mark)
    fresh_one = (copy.header("traceparent") or b"").decode()
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fresh_one)
    assert fresh_one.split("-")[1] != parent.split("-")[1]
    assert copy.header("X-Shadow-Link") == parent.encode()


def test_a_header_that_comes_twice_is_there_twice_or_joined(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}", headers=[("X-Twice", "one"), ("x-twice", "two")])
    values = [value for name, value in fields(the_copy(stage.main, mark)) if name == "x-twice"]
    # CGI's variables, which WSGI has, hold a header once.
    assert values == (["one", "two"] if stage.primary.kind == "asgi" else ["one,two"])


def test_a_control_character_cannot_split_a_header(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}", headers=[("X-Tab", "a\tb"), ("X-Latin", "caf\xe9")])
    copy = the_copy(stage.main, mark)
    assert not [value for _, value in copy.headers if b"\r" in value or b"\n" in value]


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("main", None),
        ("original", "shop.example:8443"),
        ("suffix", "shop.example-shadow:8443"),
        ("literal", "staging.example"),
    ],
)
def test_the_host_goes_by_the_policy_of_the_target(
    stage: Stage, mark: str, target: str, host: str | None
) -> None:
    head = f"GET /echo/{target}/{mark} HTTP/1.1\r\nHost: shop.example:8443\r\nConnection: close\r\n\r\n"
    assert b"shop.example:8443" in raw_request(stage.primary.address, head.encode())
    copy = the_copy(stage.main, mark)
    assert (copy.header("Host") or b"").decode() == (host or netloc(stage.main))


def test_a_target_can_be_an_ipv6_address(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/v6/{mark}")
    copy = the_copy(stage.shadows["v6"], mark)
    assert copy.header("Host") == netloc(stage.shadows["v6"]).encode()


def test_a_targets_prefix_goes_before_the_path(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/prefixed/{mark}?page=2")
    assert the_copy(stage.main, mark).target == f"/v2/api/echo/prefixed/{mark}?page=2".encode()


def test_the_app_gets_what_the_client_sent(stage: Stage, mark: str) -> None:
    sent = [
        ("X-One", "1"),
        ("User-Agent", "tests"),
        ("Api-Key", "kanarek"),
        ("X-Two", "2"),
        ("X-Shadow-Id", "7"),
    ]
    seen = stage.primary.get(f"/echo/main/{mark}?a=b", headers=sent).json()
    assert seen["target"] == f"/echo/main/{mark}?a=b"
    host = "{}:{}".format(*stage.primary.address)
    got = sorted((name.lower(), value) for name, value in seen["headers"])
    assert got == sorted((name.lower(), value) for name, value in [("Host", host), *sent])
