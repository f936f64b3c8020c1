"""A courier that takes every copy and does nothing with it, on the load's core.

With it the web process pays for every copy, encoded and handed over, however
many there are. With a real courier beside it on a saturated core most copies are dropped
before that, which flatters the figure for the web process.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import uvloop

from shadowtap import wire

from . import control

REPORT = 0.25
"""Seconds between two reports, as the real courier makes them."""

EXCHANGE = b"\xa8exchange"
"""How the type of a frame begins, after one to three bytes for the length of its array."""


class Taker(asyncio.Protocol):
    """The connection from the web process, of which there is one."""

    copies = 0

    def __init__(self) -> None:
        self._reader = wire.FrameReader()
        self._target = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        asyncio.get_running_loop().call_later(REPORT, self._report)

    def data_received(self, data: bytes) -> None:
        for payload in self._reader.feed(data):
            if EXCHANGE in payload[:12]:
                Taker.copies += 1
            elif not self._target:
                frame = wire.decode(payload)
                if isinstance(frame, wire.Configure):
                    self._target = frame.targets[0].name

    def _report(self) -> None:
        if not self._transport.is_closing():
            if Taker.copies:
                tally = wire.Tally({self._target: {"answered": Taker.copies}})
                self._transport.write(bytes(wire.encode(tally)))
            asyncio.get_running_loop().call_later(REPORT, self._report)


async def serve(path: str) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    server = await loop.create_unix_server(Taker, path)
    control.say({"port": 0})
    control.answer(lambda: {"copies": Taker.copies}, lambda: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
    server.close()


def main() -> None:
    uvloop.run(serve(sys.argv[1]))


if __name__ == "__main__":
    main()
