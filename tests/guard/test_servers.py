from __future__ import annotations

import http.client
import io
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.guard import served
from tests.guard.marks import MARKED, signed
from tests.support.servers import ASGI_SERVERS, WSGI_SERVERS, Answer, Server, raw_request, request, serve

ASGI = [*((kind, ()) for kind in ASGI_SERVERS), ("uvicorn", ("--http=h11", "--loop=asyncio"))]
RAW = [
    *((kind, "asgi_app", args) for kind, args in ASGI),
    *((kind, "wsgi_app", ()) for kind in WSGI_SERVERS),
]
UNUSUAL = "/a//b/../%7Euser/caf%C3%A9%2F;v=1/x&y?q=%20+%2B&&b=%zz?"


@pytest.fixture(scope="module", params=RAW, ids=[kind + "".join(args) for kind, _, args in RAW])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    kind, app, args = request.param
    with serve(kind, f"tests.guard.served:{app}", args=args) as server:
        server.kind = kind  # type: ignore[attr-defined]
        yield server


def send(server: Server, method: str, target: str, body: bytes | None = None, **marks: Any) -> Answer:
    """Send a signed copy."""
    headers = signed(method, target, body or b"", **marks)
    return post(server, method, target, body, headers)


def post(server: Server, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    lines = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    raw = raw_request(server.address, "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b""))
    return parsed(raw)


def parsed(raw: bytes) -> Answer:
    class Canned:
        def makefile(self, *_: Any) -> io.BytesIO:
            return io.BytesIO(raw)

    response = http.client.HTTPResponse(Canned())  # type: ignore[arg-type]
    response.begin()
    return Answer(response.status, response.headers, response.read())


def test_an_ordinary_request_is_served_as_without_the_guard(server: Server) -> None:
    answer = request(server.address, "GET", "/")
    assert answer.json() == [False, 0]
    assert not [name for name in answer.headers if name.lower() in ("server-timing", "x-shadow-effects")]


@pytest.mark.parametrize("body", [b"body", b"x" * 300_000])
def test_a_signed_copy_is_a_shadow_request(server: Server, body: bytes) -> None:
    answer = send(server, "POST", "/pay?x=1", body)
    assert answer.json() == [True, len(body)]
    assert answer.headers["Server-Timing"].startswith("shadowtap;dur=")
    assert answer.headers["X-Shadow-Effects"] == 'blocked=1, effects=("charge")'


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "OPTIONS"])
def test_a_copy_without_a_body_needs_no_length(server: Server, method: str) -> None:
    assert send(server, method, "/").json() == [True, 0]


def test_an_unusual_target_is_verified_byte_for_byte_where_the_server_hands_it_over(server: Server) -> None:
    if server.kind == "wsgiref":  # type: ignore[attr-defined]
        pytest.skip("wsgiref keeps the raw target for itself")
    answer = send(server, "GET", UNUSUAL)
    assert answer.json() == [True, 0]


def test_a_plain_target_is_verified_on_every_server(server: Server) -> None:
    assert send(server, "GET", "/users/7/orders?from=2024-01-01&q=a%20b").json() == [True, 0]


def test_a_streamed_answer_is_a_shadow_requests_to_its_end(server: Server) -> None:
    assert send(server, "GET", "/stream").body == b"[true, 0]" * 3
    assert request(server.address, "GET", "/stream").body == b"[false, 0]" * 3


def test_a_replay_is_refused(server: Server) -> None:
    marks = signed("POST", "/", b"body")
    answers = [post(server, "POST", "/", b"body", marks) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 403]
    assert "seen before" in answers[1].json()["reason"]


def test_a_mark_that_proves_nothing_is_refused(server: Server) -> None:
    for marks in (MARKED, {"X-Shadow-Request": "1"}, signed("POST", "/elsewhere", b"body")):
        answer = post(server, "POST", "/", b"body", marks)
        assert answer.status == 403
        assert answer.json()["error"] == "shadow request refused"
    assert post(server, "POST", "/", b"bodY", signed("POST", "/", b"body")).status == 403


def test_a_second_mark_is_refused(server: Server) -> None:
    marks = {**signed("GET", "/"), "x-shadow-request": "true"}
    answer = post(server, "GET", "/", None, marks)
    # Some servers refuse what is repeated themselves.
    assert answer.status in (400, 403)


def test_the_shadow_does_not_outlast_its_request_on_a_connection_that_is_kept(server: Server) -> None:
    lines = []
    for headers, last in ((signed("GET", "/"), False), ({}, False), (signed("GET", "/"), False), ({}, True)):
        head = ["GET / HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in headers.items())]
        head += ["Connection: close"] if last else []
        lines.append("\r\n".join([*head, "", ""]).encode())
    raw = raw_request(server.address, b"".join(lines))
    told = re.findall(rb"\[(true|false), 0\]", raw)
    # A server without persistent connections answers the first alone.
    assert told in ([b"true", b"false", b"true", b"false"], [b"true"])


@pytest.mark.parametrize(("kind", "args"), ASGI)
def test_a_connection_whose_reading_was_paused_and_resumed_by_a_shadow_request_is_not_marked_by_it(
    kind: str, args: tuple[str, ...]
) -> None:
    # Larger than what servers buffer: reading the body in the app makes the server watch the socket again.
    size = 300_000
    with (
        serve(kind, "tests.guard.served:open_asgi_app", args=args) as server,
        closing(http.client.HTTPConnection(*server.address, timeout=20)) as connection,
    ):
        for headers, shadow in ((MARKED, True), ({}, False), (MARKED, True), ({}, False)):
            connection.request("POST", "/", b"x" * size, headers)
            assert json.loads(connection.getresponse().read()) == [shadow, size]


@pytest.mark.parametrize("kind", WSGI_SERVERS)
def test_a_file_is_sent_whole(kind: str) -> None:
    content = Path(served.__file__).read_bytes()
    with serve(kind, "tests.guard.served:wsgi_app") as server:
        assert send(server, "GET", "/file").body == content
        assert post(server, "GET", "/file", None, {}).body == content


@pytest.mark.parametrize("kind", ["uvicorn", "hypercorn"])
def test_the_websocket_of_a_shadow_request_is_refused_in_the_handshake(kind: str) -> None:
    handshake = {
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    with serve(kind, "tests.guard.served:asgi_app") as server:
        assert open_websocket(server, handshake | MARKED) == 403
        assert open_websocket(server, handshake) == 101


def open_websocket(server: Server, headers: dict[str, str]) -> int:
    head = ["GET / HTTP/1.1", "Host: x", "Connection: Upgrade"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(server.address, timeout=20) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])


@pytest.mark.parametrize("kind", ["uvicorn", "gunicorn", "gunicorn-gthread"])
def test_django_is_guarded_on_real_servers(kind: str) -> None:
    app = "asgi_app" if kind == "uvicorn" else "wsgi_app"
    with serve(kind, f"tests.guard.django_project:{app}", env={"GUARD_POLICY": "keyed"}) as server:
        for view in ("/tells", "/tells_async"):
            answer = send(server, "POST", view, b"body")
            assert answer.json() == [True, "body", "kept"]
            assert answer.headers["X-Shadow-Effects"] == 'blocked=1, effects=("charge")'
            assert request(server.address, "GET", view).json() == [False, "", "charged"]
        assert post(server, "GET", "/tells", None, MARKED).status == 403
        view, file = ("/streams_async", None) if kind == "uvicorn" else ("/streams", "/file")
        assert send(server, "GET", view).body == b"111"
        if file is not None:
            assert send(server, "GET", file).body == b"11111"
