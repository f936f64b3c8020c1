from __future__ import annotations

import re

import pytest

from shadowtap.exceptions import RedactionFailed
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from tests.redact.asking import JSON, Pairs, captured, header_value, header_values

BROWSER: Pairs = [
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Accept-Language", "en-US,en;q=0.9"),
    ("sec-ch-ua", '"Chromium";v="126", "Not A Brand";v="8"'),
    ("If-None-Match", 'W/"d41d8cd98f00b204e9800998ecf8427e"'),
    ("If-Modified-Since", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ("Cache-Control", "no-cache, max-age=0"),
    ("X-Request-Id", "7c8d263f-b209-4da6-9d61-38e623895858"),
    ("Idempotency-Key", "kx9w2zrqet81"),
    ("Range", "bytes=0-1023"),
    ("X-App-Version", "1.2.3.4"),
    ("Accept", "application/json"),
    ("Referer", "https://shop.example/products?page=2"),
    ("Origin", "https://shop.example"),
    ("X-Tenant", "acme"),
]


def names(redactor: Redactor, headers: Pairs, keep: tuple[str, ...] = ()) -> list[str]:
    redacted = redactor.redact(captured("GET", headers=headers), keep_headers=keep)
    return [name.decode() for name, _ in redacted.headers]


def test_technical_headers_stay_to_the_byte_in_order_and_number(redactor: Redactor) -> None:
    request = captured("GET", headers=BROWSER)
    assert redactor.redact(request).headers == request.headers


@pytest.mark.parametrize(
    "name",
    """
    Connection Keep-Alive Proxy-Connection TE Trailer Transfer-Encoding Upgrade Expect Host
    Content-Length traceparent tracestate baggage B3 X-B3-TraceId sentry-trace X-Shadow-Request
    X-Shadow-Id x-shadow-signature X-SHADOW-anything HTTP2-Settings
    """.split(),  # noqa: SIM905
)
def test_framing_host_trace_and_marks_are_left_to_the_sender(redactor: Redactor, name: str) -> None:
    assert names(redactor, [(name, "1"), ("Accept", "*/*")], keep=(name.lower(),)) == ["Accept"]


def test_headers_that_the_connection_names_are_of_one_hop(redactor: Redactor) -> None:
    headers = [("Connection", "close, X-Internal"), ("X-Internal", "1"), ("X-Other", "1")]
    assert names(redactor, headers) == ["X-Other"]


CREDENTIALS = """
    Authorization Cookie Proxy-Authorization X-Api-Key Api-Key X-Auth-Token X-CSRF-Token
    X-XSRF-TOKEN X-Session-Id X-Client-Secret X-Hub-Signature-256 Signature Digest Content-MD5
    Content-Digest X-Amz-Security-Token X-Functions-Key Ocp-Apim-Subscription-Key X-Vault-Token
    X-Password X-JWT-Assertion DPoP X-Acme-HMAC X-Forwarded-Client-Cert
""".split()  # noqa: SIM905


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_dropped(redactor: Redactor, name: str) -> None:
    assert names(redactor, [(name, "k4n4r13-P4ssw0rd-0123456789")]) == []


@pytest.mark.parametrize("name", [name for name in CREDENTIALS if name != "Cookie"])
def test_a_credential_that_a_rule_keeps_reaches_the_shadow_as_it_is(redactor: Redactor, name: str) -> None:
    request = captured("GET", headers=[(name, "k4n4r13-P4ssw0rd-0123456789")])
    assert redactor.redact(request, keep_headers=(name.lower(),)).headers == request.headers


def test_a_kept_cookie_header_keeps_its_sessions_and_loses_what_is_personal(redactor: Redactor) -> None:
    cookies = "sessionid=k4n4r13; theme=dark; cart=%7B%22email%22%3A%22bob%40x.io%22%7D; user_name=Patricia"
    request = captured("GET", headers=[("Cookie", cookies)])
    ((_, value),) = redactor.redact(request, keep_headers=("cookie",)).headers
    session, theme, cart, user = value.decode().split("; ")
    assert (session, theme) == ("sessionid=k4n4r13", "theme=dark")
    assert "x.io" not in cart
    assert user != "user_name=Patricia"


def test_a_dropped_credential_does_not_leave_by_another_door(redactor: Redactor) -> None:
    request = CapturedRequest(
        "POST",
        "https",
        b"/x",
        b"echo=k4n4r13-P4ssw0rd",
        ((b"Authorization", b"Bearer k4n4r13-P4ssw0rd"), (b"Content-Type", JSON)),
        (b'{"x":"k4n4r13-P4ssw0rd"}',),
        "",
        "",
    )
    out = redactor.redact(request)
    assert b"P4ssw0rd" not in out.query + out.body


@pytest.mark.parametrize(
    ("name", "value", "pattern"),
    [
        ("X-Forwarded-For", "203.0.113.7, 10.0.0.1", r"203\.0\.\d+\.\d+, 10\.\d+\.\d+\.\d+"),
        ("X-Forwarded-For", "203.0.113.7:4711", r"203\.0\.\d+\.\d+:4711"),
        ("X-Forwarded-For", "2001:db8::8a2e:370:7334", r"2001:db8::?[0-9a-f:]+"),
        ("X-Forwarded-For", "[2001:db8::1]:443, unknown", r"\[2001:db8::?[0-9a-f:]+\]:443, unknown"),
        ("X-Real-IP", "fe80::1%eth0", r"fe80::?[0-9a-f:]+%eth0"),
        ("CF-Connecting-IP", "203.0.113.7", r"203\.0\.\d+\.\d+"),
        (
            "Forwarded",
            'for=203.0.113.7;proto=https;host=shop.example, for="[2001:db8::1]:4711"',
            r'for=203\.0\.\d+\.\d+;proto=https;host=shop\.example, for="\[2001:db8::?[0-9a-f:]+\]:4711"',
        ),
        ("Forwarded", "for=_hidden42", r"for=_[a-z]{6}\d{2}"),
        ("True-Client-IP", "not an address", r"[a-z]{3} [a-z]{2} [a-z]{7}"),
    ],
)
def test_addresses_of_clients_are_replaced_by_addresses(
    redactor: Redactor, name: str, value: str, pattern: str
) -> None:
    out = header_value(redactor, name, value)
    assert out is not None
    assert out != value
    assert re.fullmatch(pattern, out), out


@pytest.mark.parametrize("value", ["127.0.0.1", "::1", "unknown"])
def test_an_address_that_is_nobodys_stays(redactor: Redactor, value: str) -> None:
    assert header_value(redactor, "X-Forwarded-For", value) == value


@pytest.mark.parametrize(
    ("name", "value", "gone"),
    [
        ("User-Agent", "app/1.0 (+mailto:bob@x.io)", "bob@x.io"),
        ("User-Agent", "app/1.0 4111 1111 1111 1111", "4111 1111"),
        ("Accept", "application/json;v=4111111111111111", "4111111111111111"),
        ("X-Request-Id", "bob@x.io", "x.io"),
        ("From", "bob@x.io", "x.io"),
        ("Referer", "https://shop.example/me/bob%40x.io?mail=bob%40x.io", "x.io"),
        ("X-User-Email", "bob@x.io", "x.io"),
        ("X-Customer-Name", "Patricia", "Patricia"),
        ("X-Customer-Name", "J\xf6rg", "J\xf6rg"),
        ("X-Custom", "please call Patricia", "Patricia"),
        ("X-Payload", '{"email": "bob@x.io"}', "x.io"),
        ("Content-Disposition", 'attachment; filename="cv john smith.pdf"', "smith"),
    ],
)
def test_what_is_personal_in_a_header_is_replaced(
    redactor: Redactor, name: str, value: str, gone: str
) -> None:
    out = header_value(redactor, name, value)
    assert out is not None
    assert gone not in out


def test_a_value_that_is_not_utf_8_is_redacted_in_latin_1(redactor: Redactor) -> None:
    fields = ((b"X-Customer-Name", b"J\xf6rg"), (b"X-Thing", b"caf\xe9"))
    out = dict(redactor.redact(CapturedRequest("GET", "https", b"/", b"", fields, (), "", "")).headers)
    assert out[b"X-Customer-Name"] != b"J\xf6rg"
    assert out[b"X-Thing"] == b"caf\xe9"


@pytest.mark.parametrize("name", ["X-Bob@x.io", "X Y", "X:", ""])
def test_a_malformed_name_is_refused(redactor: Redactor, name: str) -> None:
    with pytest.raises(RedactionFailed, match="headers: a name is malformed"):
        names(redactor, [(name, "1")])


def test_a_name_that_is_a_card_number_is_refused(redactor: Redactor) -> None:
    with pytest.raises(RedactionFailed, match="headers: a name holds personal data"):
        names(redactor, [("X-4111111111111111", "1")])


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("shop.example", "shop.example"),
        ("shop.example:8443", "shop.example:8443"),
        ("10.0.0.5:8000", "10.0.0.5:8000"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ("bob@x.io", ""),
        ("a b", ""),
        ("4111111111111111.shop.example", ""),
    ],
)
def test_the_host_is_handed_on_if_it_is_one(redactor: Redactor, host: str, kept: str) -> None:
    assert redactor.redact(captured("GET", headers=[("Host", host)])).host.decode() == kept


def test_a_host_that_holds_what_was_removed_is_not_handed_on(redactor: Redactor) -> None:
    headers = [("Host", "kanari42.shop.example"), ("X-Username", "kanari42")]
    assert redactor.redact(captured("GET", headers=headers)).host == b""


def test_the_address_of_the_peer_is_not_handed_on(redactor: Redactor) -> None:
    redacted = redactor.redact(captured("GET", headers=BROWSER))
    assert not [value for _, value in redacted.headers if b"192.0.2.1" in value]
    assert header_values(redacted, "x-forwarded-for") == []
