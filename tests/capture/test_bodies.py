"""Bodies that are too large, not read, or not sent whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from tests.capture.conftest import ASGI, WSGI, Protocol
from tests.support import apps
from tests.support.calling import asgi_scope, read_asgi
from tests.support.collecting import Collected


@pytest.fixture(params=[False, True], ids=["plain", "decorated"], autouse=True)
def decorated(request: pytest.FixtureRequest, collected: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    """With decorated endpoints in the process, all is decided at the end of a request."""
    monkeypatch.setattr(seen, "any", request.param)


CAP = 1000


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"x" * CAP, "copied"),
        (b"x" * (CAP + 1), Outcome.BODY_TOO_LARGE),
        ([b"x" * 600, b"x" * 400], "copied"),
        ([b"x" * 600, b"x" * 401], Outcome.BODY_TOO_LARGE),
        ([], "copied"),
    ],
    ids=["at the cap", "one over the cap", "grown to the cap", "grown over the cap", "grown to nothing"],
)
def test_the_size_of_a_body_has_a_cap(
    protocol: Protocol, collected: Collected, body: bytes | list[bytes], outcome: str
) -> None:
    sent = body if isinstance(body, bytes) else b"".join(body)
    assert protocol.mirrored(max_body=CAP)("POST", "/", body=body).body == sent
    assert collected.outcomes() == {outcome: 1}
    if outcome == "copied":
        assert b"".join(collected.only.request.body) == sent


def test_with_a_cap_of_nothing_only_requests_without_a_body_are_copied(
    protocol: Protocol, collected: Collected
) -> None:
    mirrored = protocol.mirrored(max_body=0)
    mirrored()
    mirrored("POST", "/", body=b"x")
    assert collected.outcomes() == {"copied": 1, Outcome.BODY_TOO_LARGE: 1}


def test_a_body_that_is_too_large_is_so_even_where_it_is_not_read(
    protocol: Protocol, collected: Collected
) -> None:
    protocol.mirrored(protocol.deaf, max_body=CAP)("POST", "/", body=b"x" * (CAP + 1))
    assert collected.outcomes() == {Outcome.BODY_TOO_LARGE: 1}


@pytest.mark.parametrize("body", [b"hello", [b"he", b"llo"]], ids=["with length", "chunked"])
def test_a_body_that_the_app_does_not_read_is_not_copied(
    protocol: Protocol, collected: Collected, body: Any
) -> None:
    protocol.mirrored(protocol.deaf)("POST", "/", body=body)
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 1}


def test_a_client_that_goes_away_within_its_body_is_not_copied(
    protocol: Protocol, collected: Collected
) -> None:
    protocol.mirrored()("POST", "/", body=b"x" * 100, cut=60)
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


def test_a_client_that_goes_away_within_a_chunked_body_is_not_copied(collected: Collected) -> None:
    ASGI.mirrored()("POST", "/", body=[b"x" * 50, b"x" * 50], cut=60)
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


class Breaks:
    """The input of a server that raises when the client goes away."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        if self.reads > 1:
            raise ConnectionResetError("the client has gone away")
        return b"x"


def test_an_error_of_the_servers_input_reaches_the_app_as_it_is(collected: Collected) -> None:
    caught: list[BaseException] = []

    def app(environ: Any, start_response: Any) -> Any:
        stream = environ["wsgi.input"]
        try:
            while stream.read(1):
                pass
        except ConnectionError as error:
            caught.append(error)
        start_response("400 Bad Request", [])
        return [b""]

    WSGI.mirrored(app)("POST", "/", body=[b""], **{"wsgi.input": Breaks()})
    assert str(caught[0]) == "the client has gone away"
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


def serve(app: Any, *incoming: dict[str, Any], **head: Any) -> None:
    """Call an ASGI app with these messages."""
    asyncio.run(read_asgi(ASGI.mirrored(app).app, asgi_scope("POST", **head), iter(incoming)))


ALL = {"type": "http.request", "body": b"hello"}
PART = {"type": "http.request", "body": b"hello", "more_body": True}
END = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


async def answer(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"ok"})


def test_a_client_that_goes_away_before_any_answer_is_not_copied(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        assert (await receive())["type"] == "http.disconnect"
        await answer(send)

    serve(app, ALL, GONE, body=b"hello")
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


def test_a_request_without_a_body_whose_client_goes_away_before_any_answer_is_not_copied(
    collected: Collected,
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.disconnect"

    serve(app, GONE)
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


def test_a_client_that_goes_away_within_the_answer_is_copied(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200})
        await receive()

    serve(app, ALL, GONE, body=b"hello")
    assert collected.only.response.truncated


def test_an_app_that_is_cancelled_before_any_answer_is_not_copied(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        serve(app, END)
    assert collected.outcomes() == {Outcome.CLIENT_ABORTED: 1}


def test_an_app_that_raises_is_copied_without_an_answer(protocol: Protocol, collected: Collected) -> None:
    def wsgi(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        protocol.mirrored(wsgi if protocol is WSGI else asgi)()
    assert (collected.only.response.status, collected.only.response.truncated) == (0, True)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_the_app_reads_in_part_is_not_copied(
    protocol: Protocol, collected: Collected, chunked: bool
) -> None:
    def wsgi(environ: Any, start_response: Any) -> Any:
        environ["wsgi.input"].read(2)
        return protocol.deaf(environ, start_response)

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send)

    if protocol is WSGI:
        WSGI.mirrored(wsgi)("POST", "/", body=[b"hello"] if chunked else b"hello")
    else:
        serve(asgi, PART, END, body=[b"hello"] if chunked else b"hello" * 2)
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 1}


def test_an_app_that_counts_need_not_read_the_empty_end(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["body"] == b"hello"
        await answer(send)

    serve(app, PART, END, body=b"hello")
    assert collected.only.request.body == (b"hello",)


@pytest.mark.parametrize("incoming", [[PART, ALL], [END]], ids=["with a body", "without"])
def test_over_http_2_a_body_may_come_without_a_length(collected: Collected, incoming: list[Any]) -> None:
    mirrored = ASGI.mirrored()
    asyncio.run(read_asgi(mirrored.app, {**asgi_scope("POST"), "http_version": "2"}, iter(incoming)))
    asyncio.run(
        read_asgi(ASGI.mirrored(apps.asgi_deaf).app, {**asgi_scope("POST"), "http_version": "2"}, iter([]))
    )
    assert b"".join(collected.only.request.body) == b"".join(m["body"] for m in incoming)
    assert collected.outcomes() == {"copied": 1, Outcome.BODY_UNREAD: 1}


def test_over_http_2_a_get_is_taken_to_have_no_body_until_one_comes(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send)

    for incoming in ([END], [PART]):
        scope = {**asgi_scope("GET"), "http_version": "2"}
        asyncio.run(read_asgi(ASGI.mirrored(app).app, scope, iter(incoming)))
    assert collected.outcomes() == {"copied": 1, Outcome.BODY_UNREAD: 1}
