"""Bodies and answers that come bit by bit, and clients that go away amid them, over real servers."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest

from tests.doors.http1 import KeptAlive, head, post, talk
from tests.doors.notes import events, gate
from tests.doors.pairs import Pair, Side, on, on_all, on_asgi
from tests.support.waiting import until

SIDES = pytest.mark.parametrize("side", ["bare", "ours"])


@pytest.fixture
def closed_gate(pair: Pair, side: str) -> Callable[[], None]:
    """Close the gate behind which the second half of an answer waits; return what opens it."""
    where = gate("gate", getattr(pair, side).folder)
    where.unlink(missing_ok=True)
    return where.touch


@on_all
@SIDES
def test_an_answer_arrives_as_it_is_made(pair: Pair, side: str, closed_gate: Callable[[], None]) -> None:
    with KeptAlive(getattr(pair, side).server.address) as connection:
        connection.send(head("GET", "/gated"))
        first = connection.read_head()
        while b"first" not in first:
            first += connection.read(1)
        assert b"second" not in first
        closed_gate()
        assert b"second" in connection.read_to_end()


# gunicorn reads ahead, and waitress reads a request to its end before it calls the app.
@on("uvicorn-h11", "uvicorn-httptools", "hypercorn", "gunicorn-uvicorn", "wsgiref", "uwsgi")
@SIDES
def test_a_request_reaches_the_app_as_it_is_sent(pair: Pair, side: str) -> None:
    ours: Side = getattr(pair, side)
    before = events(ours.folder).count("first hello")
    with KeptAlive(ours.server.address) as connection:
        connection.send(head("POST", "/upload", "Content-Length: 11"), b"hello")
        until(lambda: events(ours.folder).count("first hello") > before, what="the app read the first half")
        connection.send(b" world")
        answer = connection.read_to_end()
    assert b"hello" in answer
    assert b" world" in answer


@on_all
@SIDES
def test_an_endless_answer_ends_when_its_client_goes_away(pair: Pair, side: str) -> None:
    ours: Side = getattr(pair, side)
    before = events(ours.folder).count("closed")
    with KeptAlive(ours.server.address) as connection:
        connection.send(head("GET", "/endless"))
        connection.read(200_000)
        connection.reset()
    until(lambda: events(ours.folder).count("closed") > before, what="the answer was closed")
    assert events(ours.folder).count("closed") == before + 1
    assert ours.server.process.poll() is None


@on_all
def test_the_copy_tells_what_the_client_sent_and_got(pair: Pair) -> None:
    request = post("/echo/caf%C3%A9?a=%20b", b"hello", "Content-Type: text/plain", "X-Case: copied")
    answer = talk(pair.ours.server.address, [request])
    copy = pair.sink.wait_for("copied")
    assert (copy.request.method, copy.request.path) == ("POST", b"/echo/caf%C3%A9")
    assert (copy.request.query, b"".join(copy.request.body)) == (b"a=%20b", b"hello")
    fields = {name.lower(): value for name, value in copy.request.headers}
    assert (fields[b"content-length"], fields[b"content-type"]) == (b"5", b"text/plain")
    assert fields[b"host"] == b"shop.example"
    assert copy.response.status == 200
    assert b"".join(copy.response.body) in answer
    assert not copy.response.truncated
    assert copy.request.client == "127.0.0.1"


@on_all
def test_an_endless_answer_is_copied_with_its_begin(pair: Pair) -> None:
    with KeptAlive(pair.ours.server.address) as connection:
        connection.send(head("GET", "/endless", "X-Case: endless"))
        connection.read(200_000)
        connection.reset()
    copy = pair.sink.wait_for("endless")
    assert copy.response.truncated
    assert 0 < sum(map(len, copy.response.body)) <= 65536


@on_all
def test_a_client_that_goes_away_within_its_body_is_not_copied(pair: Pair) -> None:
    talk(pair.ours.server.address, [head("GET", "/echo", "X-Case: first")])
    pair.sink.wait_for("first")
    # waitress calls the app for whole requests alone.
    if pair.name == "waitress":
        return
    before = pair.sink.outcomes().get("client_aborted", 0)
    talk(pair.ours.server.address, [head("POST", "/echo", "Content-Length: 100"), b"hello"], half_close=True)
    until(lambda: pair.sink.outcomes().get("client_aborted", 0) > before, what="one more client_aborted")


@on_all
def test_an_unread_body_is_not_copied(pair: Pair) -> None:
    talk(pair.ours.server.address, [head("GET", "/echo", "X-Case: second")])
    pair.sink.wait_for("second")
    before = pair.sink.outcomes().get("body_unread", 0)
    talk(pair.ours.server.address, [post("/unread", b"hello")])
    until(lambda: pair.sink.outcomes().get("body_unread", 0) > before, what="one more body_unread")


@on_asgi
def test_startup_reaches_the_app(pair: Pair) -> None:
    for side in (pair.bare, pair.ours):
        assert events(side.folder).count("lifespan.startup") == 1
        answer = talk(side.server.address, [head("GET", "/echo")])
        assert b"state={'started': True}" in answer


@on_asgi
def test_a_websocket_works_and_is_counted(pair: Pair) -> None:
    talk(pair.ours.server.address, [head("GET", "/echo", "X-Case: third")])
    pair.sink.wait_for("third")
    before = pair.sink.outcomes().get("upgrade", 0)
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    fields = ("Upgrade: websocket", "Connection: Upgrade", key, "Sec-WebSocket-Version: 13")
    talked = []
    for side in (pair.bare, pair.ours):
        with KeptAlive(side.server.address) as connection:
            connection.send(head("GET", "/ws", *fields, close=False))
            answered = connection.read_head()
            connection.send(b"\x81\x82\0\0\0\0hi")
            talked.append(re.sub(rb"(?i)date: [^\r]*", b"", answered) + connection.read(9))
    assert talked[0] == talked[1]
    assert talked[0].endswith(b"hi back")
    until(lambda: pair.sink.outcomes().get("upgrade", 0) > before, what="one more upgrade")


def test_a_reset_is_a_reset() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = KeptAlive(listener.getsockname())
        peer, _ = listener.accept()
        connection.reset()
        with peer, pytest.raises(ConnectionResetError):
            peer.recv(1)
