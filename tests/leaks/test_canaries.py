"""Canaries go in by every door; not one may be found in anything that leaves."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from shadowtap import shield
from shadowtap.asgi import MirrorMiddleware
from shadowtap.capture.mirror import Mirror
from shadowtap.cli.asking import ask_at
from shadowtap.courier.place import status_folder
from shadowtap.door import assemble
from shadowtap.settings import live
from shadowtap.telemetry.meter import Meter
from tests.leaks import canaries as c
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

JSON = [(b"content-type", b"application/json")]
FORM = [(b"content-type", b"application/x-www-form-urlencoded")]
TEXT = [(b"content-type", b"text/plain; charset=utf-8")]
XML = [(b"content-type", b"application/xml")]
LINES = [(b"content-type", b"application/x-ndjson")]
MULTIPART = [(b"content-type", b"multipart/form-data; boundary=b")]

Request = tuple[str, bytes, bytes, list[tuple[bytes, bytes]], bytes]


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def part(head: str, content: bytes) -> bytes:
    return f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


def token(claims: dict[str, str]) -> str:
    parts = (as_json({"alg": "HS256"}), as_json(claims), b"c" * 32)
    return ".".join(base64.urlsafe_b64encode(piece).decode().rstrip("=") for piece in parts)


DOORS: dict[str, Request] = {
    "path": ("GET", f"/users/{c.EMAIL}/cards/{c.CARD}".encode(), b"", [], b""),
    "encoded path": ("GET", f"/users/{quote(c.EMAIL, safe='')}".encode(), b"", [], b""),
    "query": ("GET", b"/search", f"email={quote(c.EMAIL)}&q={quote_plus(c.SENTENCE)}&cc={c.CARD}".encode(), [], b""),
    "query key": ("GET", b"/search", f"{quote(c.EMAIL)}=1".encode(), [], b""),
    "credentials": (
        "GET",
        b"/",
        b"",
        [
            (b"authorization", f"Bearer {c.TOKEN}".encode()),
            (b"proxy-authorization", b"Basic " + base64.b64encode(f"{c.EMAIL}:{c.PASSWORD}".encode())),
            (b"x-api-key", c.SECRET.encode()),
            (b"cookie", f"session={c.TOKEN}; email={quote(c.EMAIL)}".encode()),
        ],
        b"",
    ),
    "addresses": (
        "GET",
        b"/",
        b"",
        [
            (b"x-forwarded-for", f"{c.ADDRESS}, 10.0.0.1".encode()),
            (b"forwarded", f"for={c.ADDRESS};proto=https".encode()),
            (b"x-real-ip", c.ADDRESS.encode()),
        ],
        b"",
    ),
    "headers": (
        "GET",
        b"/",
        b"",
        [
            (b"x-user-email", c.EMAIL.encode()),
            (b"x-customer-name", c.NAME.encode()),
            (b"referer", f"https://shop.example/me?mail={quote(c.EMAIL)}".encode()),
            (b"user-agent", f"app/1.0 ({c.EMAIL})".encode()),
            (b"x-card", c.CARD.encode()),
            (b"from", c.EMAIL.encode()),
        ],
        b"",
    ),
    "forged marks": ("GET", b"/", b"", [(b"x-shadow-id", c.EMAIL.encode()), (b"x-shadow-note", c.SSN.encode())], b""),
    "trace": ("GET", b"/", b"", [(b"baggage", f"user={quote(c.EMAIL)}".encode()), (b"tracestate", b"u=" + c.CARD.encode())], b""),
    "json": (
        "POST",
        b"/orders",
        b"",
        JSON,
        as_json(
            {
                "customer": {"name": c.NAME, "email": c.EMAIL, "phone": c.PHONE, "address": c.STREET},
                "payment": {"card_number": int(c.CARD), "iban": c.IBAN, "shown": c.SPACED_CARD},
                "ssn": c.SSN,
                "password": c.PASSWORD,
                "token": c.TOKEN,
                "note": c.SENTENCE,
                "ip": c.ADDRESS,
                "list": [c.EMAIL, [c.CARD, {"deep": c.IBAN}]],
            }
        ),
    ),
    "json keys": ("POST", b"/", b"", JSON, as_json({c.EMAIL: 1, "by_card": {c.CARD: True}})),
    "neutral json keys": ("POST", b"/", b"", JSON, as_json({"a": c.EMAIL, "b": c.CARD, "c": c.IBAN, "d": c.TOKEN, "e": c.SENTENCE})),
    "escaped json": ("POST", b"/", b"", JSON, b'{"x": "' + c.EMAIL.replace("@", "\\u0040").encode() + b'"}'),
    "json in json": ("POST", b"/", b"", JSON, as_json({"payload": json.dumps({"inner": json.dumps({"email": c.EMAIL})})})),
    "form": ("POST", b"/", b"", FORM, f"email={quote(c.EMAIL)}&name={quote_plus(c.NAME)}&cc={quote_plus(c.SPACED_CARD)}".encode()),
    "text": ("POST", b"/", b"", TEXT, f"{c.SENTENCE}. {c.EMAIL} {c.CARD}".encode()),
    "multipart": (
        "POST",
        b"/",
        b"",
        MULTIPART,
        part('name="email"', c.EMAIL.encode())
        + part('name="note"', c.SENTENCE.encode())
        + part(f'name="{c.CARD}"', b"1")
        + part('name="data"\r\nContent-Type: application/json', as_json({"password": c.PASSWORD, "iban": c.IBAN}))
        + part(f'name="cv"; filename="{c.NAME} {c.EMAIL}.pdf"\r\nContent-Type: application/pdf', b"%PDF-1.7 " + c.SENTENCE.encode())
        + part('name="t"; filename="a.csv"\r\nContent-Type: text/csv', f"{c.NAME};{c.EMAIL}\n{c.STREET};{c.CARD}\n".encode())
        + part('name="email"\r\nContent-Transfer-Encoding: base64', base64.b64encode(c.EMAIL.encode()))
        + part('name="email"\r\nContent-Transfer-Encoding: quoted-printable', c.EMAIL.replace("@", "=40").encode())
        + part(f'name="x"\r\nX-Owner: {c.EMAIL}', b"1")
        + b"--b--\r\n",
    ),
    "xml": (
        "POST",
        b"/",
        b"",
        XML,
        f"<o><!-- {c.SENTENCE} --><customer name='{c.NAME}' mail='{c.EMAIL}'><street>{c.STREET}</street><iban>{c.IBAN}</iban></customer>"
        f"<x>{c.EMAIL.replace('@', '&#64;')}</x><y><![CDATA[{c.CARD}]]></y><z>{c.EMAIL.replace('@', '@<!-- -->')}</z></o>".encode(),
    ),
    "graphql": (
        "POST",
        b"/graphql",
        b"",
        JSON,
        as_json(
            {
                "query": f'# {c.SENTENCE}\nmutation {{ a(email: "{c.EMAIL}", card: {{number: {c.CARD}}}, note: """{c.SENTENCE}""") {{ id }} }}',
                "variables": {"password": c.PASSWORD, "address": {"street": c.STREET}},
            }
        ),
    ),
    "graphql document": ("POST", b"/graphql", b"", [(b"content-type", b"application/graphql")], f'{{ a(q: "{c.EMAIL}") {{ id }} }}'.encode()),
    "graphql query": ("GET", b"/graphql", b"query=" + quote_plus('{ a(iban: "' + c.IBAN + '") { id } }').encode(), [], b""),
    "lines": ("POST", b"/", b"", LINES, as_json({"email": c.EMAIL}) + b"\n" + as_json([c.CARD, c.SENTENCE]) + b"\n"),
    "gzip": ("POST", b"/", b"", [*JSON, (b"content-encoding", b"gzip")], gzip.compress(as_json({"email": c.EMAIL, "q": c.SENTENCE}))),
    "deflated twice": ("POST", b"/", b"", [*FORM, (b"content-encoding", b"deflate, gzip")], gzip.compress(zlib.compress(f"iban={c.IBAN}&q={quote(c.EMAIL)}".encode()))),
    "form as json": ("POST", b"/", b"", JSON, f"email={quote(c.EMAIL)}&ssn={c.SSN}".encode()),
    "json without a type": ("POST", b"/", b"", [], as_json({"email": c.EMAIL, "x": c.CARD})),
    "utf-16": ("POST", b"/", b"", [(b"content-type", b"application/json; charset=utf-16")], json.dumps({"email": c.EMAIL, "name": c.NAME, "x": c.SENTENCE}).encode("utf-16")),
    "nested": (
        "POST",
        b"/",
        b"",
        JSON,
        as_json(
            {
                "token": token({"email": c.EMAIL, "name": c.NAME}),
                "q": f"it is {token({'email': c.EMAIL})} here",
                "form": f"email={quote(c.EMAIL)}&last_name=Kanarienvogel",
                "image": "data:image/png;base64," + base64.b64encode(c.SENTENCE.encode()).decode(),
                "plain": "data:text/plain," + quote(c.SENTENCE),
                "packed": base64.b64encode(as_json({"iban": c.IBAN, "q": c.SENTENCE})).decode(),
                "url_safe": base64.urlsafe_b64encode(as_json({"email": c.EMAIL})).decode().rstrip("="),
            }
        ),
    ),
}  # fmt: skip

UNSENDABLE: dict[str, Request] = {
    "binary": ("POST", b"/", b"", [(b"content-type", b"application/octet-stream")], b"\0\1" + c.EMAIL.encode()),
    "broken json": ("POST", b"/", b"", JSON, b'{"email": "' + c.EMAIL.encode()),
    "no content type": ("POST", b"/", b"", [], c.EMAIL.encode() + b"\0"),
    "damaged gzip": ("POST", b"/", b"", [*JSON, (b"content-encoding", b"gzip")], c.EMAIL.encode()),
    "bomb": ("POST", b"/", b"", [*JSON, (b"content-encoding", b"gzip")], gzip.compress(c.EMAIL.encode() + b" " * 1_000_000)),
    "document type": ("POST", b"/", b"", XML, f'<!DOCTYPE a [<!ENTITY e "{c.EMAIL}">]><a>&e;</a>'.encode()),
    "broken line": ("POST", b"/", b"", LINES, as_json({"email": c.EMAIL}) + b"\n{" + c.EMAIL.encode()),
    "broken multipart": ("POST", b"/", b"", MULTIPART, b"--b\r\n" + c.EMAIL.encode()),
    "protobuf": ("POST", b"/", b"", [(b"content-type", b"application/x-protobuf")], b"\x0a\x26" + c.EMAIL.encode()),
}  # fmt: skip


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    answer = [(b"content-type", b"application/json"), (b"set-cookie", f"session={c.TOKEN}".encode())]
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    await send({"type": "http.response.body", "body": as_json({"email": c.EMAIL, "card": c.CARD})})


def drive(door: MirrorMiddleware, request: Request) -> None:
    method, path, query, headers, body = request
    fields = [(b"host", b"shop.example"), (b"content-length", b"%d" % len(body)), *headers]
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "headers": fields,
        "http_version": "1.1",
        "client": (c.ADDRESS, 4711),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_message: dict[str, Any]) -> None:
        """Drop it."""

    asyncio.run(door(scope, receive, send))


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running:
        yield running


@pytest.fixture
def mirror(shadow: RecordingShadow, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    shield.forget()
    one = assemble(live(target=shadow.url, timeout=60, courier_priority="normal", shutdown_grace=20))
    yield one
    one.hand_over.__self__.close()  # type: ignore[attr-defined]


@pytest.fixture
def door(mirror: Mirror) -> MirrorMiddleware:
    made: MirrorMiddleware = MirrorMiddleware(app, target="http://unused.example")
    made._mirror = mirror
    return made


def settle(mirror: Mirror, requests: int) -> dict[str, int]:
    """Wait until so many requests have ended, and return their outcomes."""

    def ended() -> dict[str, int]:
        return next(iter(mirror.ledger.outcomes().values()), {})

    until(lambda: sum(ended().values()) >= requests, 90, "every copy has an outcome")
    return ended()


def test_no_canary_leaves_by_any_door(
    door: MirrorMiddleware,
    mirror: Mirror,
    shadow: RecordingShadow,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    Meter(mirror.ledger, provider.get_meter("test"))
    for request in [*DOORS.values(), *UNSENDABLE.values()]:
        drive(door, request)
    outcomes = settle(mirror, len(DOORS) + len(UNSENDABLE))
    assert outcomes == {"answered": len(DOORS), "unsupported_body": len(UNSENDABLE)}

    wire = b"".join(request.head + b"\n" + request.body for request in shadow.wait_for(len(DOORS)))
    assert c.found_in(wire) == []
    statuses = [ask_at(path) for path in status_folder().glob("courier-*.sock")]
    assert statuses
    metrics = reader.get_metrics_data()
    assert metrics is not None
    out, err = capfd.readouterr()
    said = [caplog.text, repr(statuses), metrics.to_json(), out, err, repr(msgspec.to_builtins(statuses[0]))]
    assert c.found_in("\n".join(said).encode()) == []
    provider.shutdown()


def test_the_search_finds_a_canary_in_each_spelling() -> None:
    hidden = b"x" + c.EMAIL.encode()
    for data in (hidden, base64.b64encode(b"ab" + hidden), quote(c.EMAIL).encode(), hidden.hex().encode()):
        assert c.EMAIL in c.found_in(data)
    assert c.found_in(b"nothing of the kind") == []


def test_a_copy_still_says_what_was_asked(
    door: MirrorMiddleware, mirror: Mirror, shadow: RecordingShadow
) -> None:
    drive(door, DOORS["json"])
    settle(mirror, 1)
    sent = json.loads(shadow.wait_for(1)[0].body)
    assert list(sent) == ["customer", "payment", "ssn", "password", "token", "note", "ip", "list"]
    assert "@" in sent["customer"]["email"]
    assert isinstance(sent["payment"]["card_number"], int)
    assert len(sent["note"]) == len(c.SENTENCE)
