"""A courier inside the test's own process, and web processes that the test plays."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from shadowtap import wire
from shadowtap.courier.client import Client
from shadowtap.courier.pipeline import Courier
from shadowtap.exchange import CapturedRequest, Exchange, RedactedRequest
from shadowtap.handover.writer import configure
from shadowtap.settings import load

REFUSING = "http://127.0.0.1:9"


class FakeRedactor:
    """Passes requests on as they are, when it is let; takes no time to start, as Presidio does."""

    go = threading.Event()
    """Cleared, redaction stands still."""
    redacted: Callable[[CapturedRequest], RedactedRequest]

    def __init__(self, key: bytes | None, **settings: object) -> None:
        pass

    def warm_up(self) -> None:
        pass

    def redact(self, request: CapturedRequest, *, keep_headers: tuple[str, ...]) -> RedactedRequest:
        self.go.wait()
        return type(self).redacted(request)


def as_it_is(request: CapturedRequest) -> RedactedRequest:
    return RedactedRequest(request.method, request.path, request.query, (), b"".join(request.body))


def configuration(url: str = REFUSING, **settings: Any) -> wire.Configure:
    """Return what a web process says of its settings."""
    targets = [{"name": "shadow", "url": url}]
    return configure(load(environ={}, targets=targets, **{"timeout": "30s", **settings}))


class Web:
    """A web process as the courier sees one: a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._frames = wire.FrameReader()
        self.heard: list[wire.Frame] = []

    def say(self, *frames: wire.Frame) -> None:
        """Send frames."""
        for frame in frames:
            self.writer.write(bytes(wire.encode(frame)))

    def give(self, *exchanges: Exchange) -> None:
        self.say(*exchanges)

    async def listen(self) -> bool:
        """Hear what comes next; ``False`` when the courier has hung up."""
        data = await asyncio.wait_for(self._reader.read(65536), 20)
        self.heard += [wire.decode(payload) for payload in self._frames.feed(data)]
        return bool(data)

    def outcomes(self) -> dict[str, int]:
        """Return what was last reported about the one target."""
        tallies = [frame for frame in self.heard if isinstance(frame, wire.Tally)]
        return tallies[-1].counts.get("shadow", {}) if tallies else {}

    async def wait_for(self, number: int) -> dict[str, int]:
        """Wait until so many outcomes were reported, and return them."""
        while sum(self.outcomes().values()) < number:
            assert await self.listen(), f"hung up after {self.heard}"
        return self.outcomes()

    async def wait_until_hung_up(self) -> list[wire.Frame]:
        """Wait for the end of the connection, and return all that was heard."""
        while await self.listen():
            pass
        return self.heard


@asynccontextmanager
async def running() -> AsyncIterator[Courier]:
    """Run a courier for the length of a block."""
    courier = Courier()
    try:
        yield courier
    finally:
        FakeRedactor.go.set()
        await courier.close()
        while _connected:
            writer = _connected.pop().writer
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


_connected: list[Web] = []


async def connect(courier: Courier) -> Web:
    """Connect a web process to a courier."""
    ours, theirs = socket.socketpair()
    await asyncio.get_running_loop().create_connection(lambda: Client(courier), sock=theirs)
    _connected.append(Web(*await asyncio.open_connection(sock=ours)))
    return _connected[-1]


async def configured(courier: Courier, url: str = REFUSING, **settings: Any) -> Web:
    """Connect a web process that has said its settings."""
    web = await connect(courier)
    web.say(configuration(url, **settings), wire.Gate(open=True))
    return web


async def eventually(condition: Callable[[], object]) -> None:
    """Wait for a condition without holding up the loop."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - any condition, whoever brings it about
            await asyncio.sleep(0.005)
