"""What is kept of a request, and for how long."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shadowtap import asgi, wsgi
from shadowtap.capture.asgi import AsgiCapture
from shadowtap.capture.decorators import seen
from shadowtap.capture.streams import InputTee
from shadowtap.capture.wsgi import WsgiCapture
from shadowtap.outcome import Outcome
from tests.support.apps import asgi_echo, wsgi_echo
from tests.support.calling import asgi_scope, call_asgi, call_wsgi, wsgi_environ
from tests.support.collecting import SHADOW, Collected

MIB = 1024 * 1024
CHUNK = b"x" * 65536


@pytest.fixture(params=[False, True], ids=["plain", "decorated"], autouse=True)
def decorated(request: pytest.FixtureRequest, collected: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    """With decorated endpoints, the context of the app knows the capture."""
    monkeypatch.setattr(seen, "any", request.param)


@contextmanager
def nothing_survives(*kinds: type) -> Iterator[None]:
    """Fail where objects of these classes are left that only the collector could free."""
    gc.collect()
    gc.disable()
    try:
        before = {id(thing) for thing in gc.get_objects() if type(thing) in kinds}
        yield
        assert not [t for t in gc.get_objects() if type(t) in kinds and id(t) not in before]
    finally:
        gc.enable()


class Scope(dict[str, Any]):
    """A scope or environ that can be referred to weakly."""


def test_a_wsgi_request_is_free_without_the_collector(collected: Collected) -> None:
    app = wsgi.MirrorMiddleware(wsgi_echo, target=SHADOW)
    with nothing_survives(WsgiCapture, InputTee, Scope):
        environ = Scope(wsgi_environ("POST", "/", (), b"hello"))
        assert b"".join(app(environ, lambda *_: None)) == b"hello"
        del environ
    assert collected.only.request.body == (b"hello",)


def test_an_asgi_request_is_free_without_the_collector(collected: Collected) -> None:
    app = asgi.MirrorMiddleware(asgi_echo, target=SHADOW)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"hello"}

    async def send(message: Any) -> None: ...

    async def call() -> None:
        await app(Scope(asgi_scope("POST", body=b"hello")), receive, send)

    with nothing_survives(AsgiCapture, Scope):
        asyncio.run(call())
    assert collected.only.request.body == (b"hello",)


def test_a_task_that_runs_on_keeps_nothing_of_the_request(collected: Collected) -> None:
    """It inherits the context of the request, in which decorated endpoints look for the capture."""
    reference: list[weakref.ref[Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reference.append(weakref.ref(scope))
        tasks.append(asyncio.ensure_future(going_on.wait()))
        await asgi_echo(scope, receive, send)

    async def main() -> None:
        global going_on  # noqa: PLW0603 - made within its loop
        going_on = asyncio.Event()
        door = asgi.MirrorMiddleware(app, target=SHADOW)
        incoming = iter([{"type": "http.request", "body": b"hello"}])

        async def receive() -> Any:
            return next(incoming)

        async def send(message: Any) -> None: ...

        await door(Scope(asgi_scope("POST", body=b"hello")), receive, send)
        gc.collect()
        assert reference[0]() is None
        going_on.set()
        await tasks[0]

    tasks: list[Any] = []
    asyncio.run(main())


going_on: asyncio.Event


@pytest.mark.parametrize("swept", [False, True])
def test_a_capture_that_is_finished_keeps_no_bodies(collected: Collected, swept: bool) -> None:
    captures: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        captures.extend(collected.mirror.open.values())
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        if swept:
            collected.mirror.sweep()
        await send({"type": "http.response.body", "body": b"two"})
        await receive()

    call_asgi(asgi.MirrorMiddleware(app, target=SHADOW, capture_timeout=1e-9), "POST", "/", (), b"hello")
    (capture,) = captures
    assert (capture.body.chunks, capture.answer.chunks, capture.answer_headers) == ([], [], ())
    assert collected.only.response.body == ((b"one",) if swept else (b"one", b"two"))


@pytest.mark.parametrize("size", [0, 100 * MIB])
def test_memory_is_bounded_for_a_long_upload(collected: Collected, size: int) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        while environ["wsgi.input"].read(65536):
            pass
        start_response("200 OK", [])
        return [b"ok"]

    async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"ok"})

    door = wsgi.MirrorMiddleware(app, target=SHADOW)
    assert peak(lambda: call_wsgi(door, "POST", "/", (), [b""], **{"wsgi.input": Endless(size)}))
    asgi_door = asgi.MirrorMiddleware(asgi_app, target=SHADOW)
    assert peak(lambda: asyncio.run(upload(asgi_door, size)))
    assert collected.outcomes() == {"copied" if not size else Outcome.BODY_TOO_LARGE: 2}


def peak(call: Any) -> bool:
    """Tell whether a call needs no more than a few of the chunks and the cap of 1 MiB."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] < 3 * MIB
    finally:
        tracemalloc.stop()


class Endless:
    """An input of so many bytes, made when they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int) -> bytes:
        chunk = bytes(min(size, self._left))
        self._left -= len(chunk)
        return chunk


async def upload(app: Any, size: int) -> None:
    source = Endless(size)

    async def receive() -> Any:
        chunk = source.read(65536)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    async def send(message: Any) -> None: ...

    await app(asgi_scope("POST", body=[b""]), receive, send)


def test_memory_is_bounded_for_a_long_download(collected: Collected) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(1600):
            yield bytes(65536)

    async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        for _ in range(1600):
            await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        await send({"type": "http.response.body"})

    async def receive() -> Any: ...

    async def send(message: Any) -> None: ...

    def download() -> None:
        for _ in wsgi.MirrorMiddleware(app, target=SHADOW)(
            wsgi_environ("GET", "/", (), b""), lambda *_: None
        ):
            pass

    assert peak(download)
    assert peak(
        lambda: asyncio.run(asgi.MirrorMiddleware(asgi_app, target=SHADOW)(asgi_scope(), receive, send))
    )
    assert [exchange.response.truncated for exchange in collected.exchanges] == [True, True]
    assert all(sum(map(len, exchange.response.body)) <= 65536 for exchange in collected.exchanges)


async def events() -> AsyncIterator[dict[str, Any]]:
    yield {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
    for number in range(5):
        yield {"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True}
    yield {"type": "http.response.body"}


@pytest.mark.parametrize("sweeps", [0, 1, 5])
def test_an_endless_answer_is_handed_over_after_its_time_and_only_once(
    collected: Collected, sweeps: int
) -> None:
    handed: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        number = 0
        async for message in events():
            await send(message)
            if 0 < number <= sweeps:
                collected.mirror.sweep()
            handed.append(len(collected.exchanges))
            number += 1

    answer = call_asgi(asgi.MirrorMiddleware(app, target=SHADOW, capture_timeout=1e-9), "GET", "/events")
    assert answer.body == b"".join(b"data: %d\n\n" % number for number in range(5))
    assert handed == ([0, 1, 1, 1, 1, 1, 1] if sweeps else [0, 0, 0, 0, 0, 0, 1])
    copy = collected.only.response
    assert copy.truncated is bool(sweeps)
    assert b"".join(copy.body) == (b"data: 0\n\n" if sweeps else answer.body)


@pytest.mark.parametrize("protocol", ["wsgi", "asgi"])
def test_a_request_that_has_no_answer_yet_is_not_swept(collected: Collected, protocol: str) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        collected.mirror.sweep()
        start_response("200 OK", [])
        return [b"ok"]

    async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
        collected.mirror.sweep()
        await asgi_echo(scope, receive, send)

    if protocol == "wsgi":
        call_wsgi(wsgi.MirrorMiddleware(app, target=SHADOW, capture_timeout=1e-9))
    else:
        call_asgi(asgi.MirrorMiddleware(asgi_app, target=SHADOW, capture_timeout=1e-9))
    assert not collected.only.response.truncated


def test_an_answer_that_has_not_streamed_for_long_is_not_swept(collected: Collected) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"one"
        collected.mirror.sweep()
        yield b"two"

    call_wsgi(wsgi.MirrorMiddleware(app, target=SHADOW))
    assert collected.only.response.body == (b"one", b"two")


def test_a_sweep_amid_traffic_hands_nothing_over_twice(collected: Collected) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield from (b"one", b"two", b"three")

    door = wsgi.MirrorMiddleware(app, target=SHADOW, capture_timeout=1e-9)
    done = threading.Event()

    def sweep() -> None:
        while not done.is_set():
            collected.mirror.sweep()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(2000):
            assert call_wsgi(door).body == b"onetwothree"
    finally:
        done.set()
        sweeper.join()
    assert collected.outcomes() == {"copied": 2000}
