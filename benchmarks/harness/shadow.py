"""Shadows that behave and misbehave. It runs at idle priority: the load generator on its core goes first."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import struct
import sys
from typing import cast

import uvloop

from . import control

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

SLOWNESS = 0.5
"""Seconds that the slow one takes."""

BEHAVIOURS = ("healthy", "slow", "hung", "resetting", "never-reading")

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Shadow(asyncio.Protocol):
    """A connection from the courier, with one request at a time on it."""

    copies = 0

    def __init__(self, behaviour: str) -> None:
        self._behaviour = behaviour
        self._buffer = bytearray()
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._behaviour == "never-reading":
            self._transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        if self._behaviour == "resetting":
            self._reset()
        elif self._missing:
            self._missing -= len(data)
            if self._missing <= 0:
                self._whole()
        else:
            self._buffer += data
            self._head()

    def _head(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end)
        self._missing = (int(length[1]) if length else 0) - (len(self._buffer) - end - 4)
        self._buffer.clear()
        if self._missing <= 0:
            self._whole()

    def _whole(self) -> None:
        self._missing = 0
        Shadow.copies += 1
        if self._behaviour == "healthy":
            self._transport.write(ANSWER)
        elif self._behaviour == "slow":
            asyncio.get_running_loop().call_later(SLOWNESS, self._answer_late)

    def _answer_late(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(ANSWER)

    def _reset(self) -> None:
        # A zero time to linger: the connection ends with RST instead of FIN.
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


async def serve(behaviour: str) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    server = await loop.create_server(lambda: Shadow(behaviour), "127.0.0.1", 0, backlog=512)
    control.say({"port": server.sockets[0].getsockname()[1]})
    control.answer(lambda: {"copies": Shadow.copies}, lambda: loop.call_soon_threadsafe(ended.set))
    await ended.wait()


def main() -> None:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    uvloop.run(serve(sys.argv[1]))


if __name__ == "__main__":
    main()
