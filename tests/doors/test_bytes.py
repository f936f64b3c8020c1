"""The same requests to the bare site and to the site behind the door: the same bytes, whatever the server."""

from __future__ import annotations

import hashlib

import pytest

from tests.doors import requests_on_the_wire as wire
from tests.doors.http1 import KeptAlive, head, mask, post, talk
from tests.doors.notes import events
from tests.doors.pairs import Pair, alike, on, on_all, on_asgi, on_wsgi


@on_asgi
@pytest.mark.parametrize("request_", wire.ASGI)
def test_an_asgi_server_answers_the_same(pair: Pair, request_: str) -> None:
    alike(pair, wire.ASGI[request_])


@on_wsgi
@pytest.mark.parametrize("request_", wire.WSGI)
def test_a_wsgi_server_answers_the_same(pair: Pair, request_: str) -> None:
    alike(pair, wire.WSGI[request_])


@on("gunicorn-sync", "gunicorn-gthread", "waitress")
@pytest.mark.parametrize("request_", wire.CHUNKED)
def test_a_wsgi_server_answers_the_same_to_chunks(pair: Pair, request_: str) -> None:
    alike(pair, wire.CHUNKED[request_])


@on_all
@pytest.mark.parametrize("request_", wire.CUT)
def test_a_server_answers_the_same_to_a_body_that_ends_early(pair: Pair, request_: str) -> None:
    if pair.name != "hypercorn":
        alike(pair, wire.CUT[request_], half_close=True)
        return
    # It answers 400 by itself, hangs up before it has, or an app that reads nothing is faster than both.
    ours = talk(pair.ours.server.address, wire.CUT[request_], half_close=True)
    assert ours[9:12] in ((b"", b"400", b"200") if request_.endswith("unread") else (b"", b"400"))


@on_all
def test_the_site_answers_at_all(pair: Pair) -> None:
    answer = alike(pair, wire.BODIES["10 MB"])
    assert b" 200" in answer[:13]
    assert hashlib.sha256(wire.TEN_MEGABYTES).hexdigest().encode() in answer


@on_all
def test_a_connection_that_is_kept_alive_sees_the_same(pair: Pair) -> None:
    def converse(address: tuple[str, int]) -> list[bytes]:
        found = []
        with KeptAlive(address) as connection:
            for target, method in [
                ("/echo?1", "GET"),
                ("/echo", "HEAD"),
                ("/empty", "GET"),
                ("/headers", "GET"),
            ]:
                try:
                    connection.send(head(method, target, close=False))
                    found.append(connection.answer(bodiless=method == "HEAD"))
                except ConnectionError:
                    found.append(b"")
                if not found[-1] or b"connection: close" in found[-1].lower():
                    return found
            for body in (b"", b"hello", b"x" * 100_000):
                connection.send(post("/echo", body, close=False))
                found.append(connection.answer())
            connection.send(head("GET", "/echo?last"))
            found.append(connection.answer())
            assert connection.read(1) == b"", "closed, as was asked for"
        return found

    bare = list(map(mask, converse(pair.bare.server.address)))
    assert list(map(mask, converse(pair.ours.server.address))) == bare
    kept = pair.name not in ("gunicorn-sync", "wsgiref", "uwsgi")
    assert len(bare) == 8 if kept else len(bare) < 4


@on_all
def test_requests_that_are_sent_without_waiting_are_answered_the_same(pair: Pair) -> None:
    first = head("GET", "/echo?1", close=False) + post("/echo?2", b"hello", close=False)
    alike(pair, [first + head("GET", "/echo?3")])


@on(
    "uvicorn-h11",
    "uvicorn-httptools",
    "hypercorn",
    "gunicorn-uvicorn",
    "gunicorn-sync",
    "gunicorn-gthread",
    "waitress",
)
def test_the_client_is_asked_to_continue_when_the_app_reads(pair: Pair) -> None:
    def converse(address: tuple[str, int]) -> bytes:
        with KeptAlive(address) as connection:
            connection.send(head("POST", "/echo", "Content-Length: 5", "Expect: 100-continue"))
            first = connection.read_head()
            assert first.startswith(b"HTTP/1.1 100 ")
            connection.send(b"hello")
            return first + connection.answer()

    bare = mask(converse(pair.bare.server.address))
    assert mask(converse(pair.ours.server.address)) == bare
    assert bare.count(b"HTTP/1.1") == 2


@on_wsgi
def test_answers_are_closed_exactly_once(pair: Pair) -> None:
    before = [events(side.folder).count("closed") for side in (pair.bare, pair.ours)]
    for method in ("GET", "HEAD"):
        alike(pair, [head(method, "/closing")])
    after = [events(side.folder).count("closed") for side in (pair.bare, pair.ours)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 2]
