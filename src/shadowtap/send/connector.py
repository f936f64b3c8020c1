"""aiohttp's connections, tamed: a live one for each copy, one attempt, its exact header fields.

The only file that imports aiohttp; ``sender`` puts httpx's interface before it.
"""

from __future__ import annotations

import asyncio
import select
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from socket import AF_INET, SO_LINGER, SOL_SOCKET, AddressFamily
from typing import Any, cast
from weakref import WeakSet

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader
from aiohttp.tracing import Trace
from multidict import CIMultiDict
from yarl import URL

from .lookup import Lookup

_LONGEST_FIELD = 32 * 1024
_LONGEST_HEAD = 64 * 1024
_PART_OF_HEAD = 8 * 1024
_SLICE = 64 * 1024
_NO_LINGER = struct.pack("ii", 1, 0)


class Passage:
    """One copy's way over the network: its header fields, and the connection that carries it."""

    __slots__ = ("headers", "transport")

    def __init__(self, fields: list[tuple[bytes, bytes]]) -> None:
        self.headers = _decoded(fields)
        self.transport: asyncio.Transport | None = None

    def give_up(self) -> None:
        """Drop the connection at once, with all that the shadow has not read yet."""
        if self.transport is not None:
            _drop(self.transport)


def _drop(transport: asyncio.Transport) -> None:
    """Close without waiting for the other side to read what is buffered, by asyncio or by the kernel."""
    with suppress(OSError):  # closed already
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _NO_LINGER)
    transport.abort()


_passage: ContextVar[Passage] = ContextVar("shadowtap_passage")
"""The passage for which aiohttp is to find a connection."""


class CannotConnect(Exception):
    """There is no connection, so nothing was sent. The cause says why."""


class SecondAttempt(Exception):
    """aiohttp was about to repeat a copy."""


def session(trusted: ssl.SSLContext, connections: int, keep_alive: float) -> aiohttp.ClientSession:
    """Make a client that adds nothing, keeps nothing and follows nothing."""
    return aiohttp.ClientSession(
        connector=_Connector(trusted, connections, keep_alive),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),  # none: the sender has one for the whole copy
        auto_decompress=False,
        skip_auto_headers=("Content-Type",),  # the rest goes when the connector replaces them
        max_line_size=_LONGEST_FIELD,
        max_field_size=_LONGEST_FIELD,
    )


async def fetch(
    client: aiohttp.ClientSession, passage: Passage, method: str, url: str, body: bytes
) -> aiohttp.ClientResponse:
    """Send a copy, once, and return the answer as soon as its head is there.

    Whatever is raised, the connection is gone by then.

    Args:
        client: from ``session``.
        passage: new for each copy.
        method: in upper case.
        url: sent byte for byte.
        body: its length is among the passage's header fields.

    Raises:
        CannotConnect: there was no connection.
    """
    _passage.set(passage)
    try:
        return await client.request(
            method,
            URL(url, encoded=True),
            data=_payload(body),
            headers={"Content-Length": str(len(body))},  # keeps a body in parts from being sent chunked
            allow_redirects=False,
        )
    except aiohttp.ClientConnectorError as error:
        raise CannotConnect from error
    except BaseException:
        passage.give_up()
        raise


def _payload(body: bytes) -> bytes | AsyncIterator[bytes] | None:
    """Return a body as aiohttp is to send it: a large one in parts, so that little of it is buffered."""
    return _parts(body) if len(body) > _SLICE else body or None


async def _parts(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _SLICE):
        yield body[start : start + _SLICE]


def _decoded(fields: list[tuple[bytes, bytes]]) -> CIMultiDict[str]:
    """Decode what aiohttp encodes as UTF-8; other values are sent as the UTF-8 of their Latin-1 reading."""
    try:
        return CIMultiDict([(name.decode(), value.decode()) for name, value in fields])
    except UnicodeDecodeError:
        return CIMultiDict([(name.decode(), _text(value)) for name, value in fields])


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class _Protocol(ResponseHandler):
    """Gives up on header fields and interim answers (1xx) without end, and closes without waiting."""

    _received: int | None = None
    """Bytes of the head so far; ``None`` once it is complete."""

    def set_response_params(self, **params: Any) -> None:  # for each request
        self._received = 0
        super().set_response_params(**params)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        if data[0].code >= 200 or data[0].code == 101:
            self._received = None
        super().feed_data(data, size)

    def close(self) -> None:
        transport, self.transport = self.transport, None
        if transport is not None and transport.get_write_buffer_size():
            _drop(transport)
        elif transport is not None:
            transport.abort()  # a closing one would wait for the shadow's part of the end of TLS
        super().close()

    def data_received(self, data: bytes) -> None:
        # The head in small parts: each interim answer costs as much as a whole one.
        while self._received is not None and data and self.is_connected():
            part, data = data[:_PART_OF_HEAD], data[_PART_OF_HEAD:]
            self._received += len(part)
            if self._received <= _LONGEST_HEAD:
                super().data_received(part)
            elif self.transport is not None:
                self.set_exception(aiohttp.ClientPayloadError("a head without end"))
                self.transport.abort()
        if self._received is None:
            super().data_received(data)  # nothing, too: so aiohttp resumes its parser


class _Connector(aiohttp.TCPConnector):
    def __init__(self, trusted: ssl.SSLContext, connections: int, keep_alive: float) -> None:
        super().__init__(limit=connections, keepalive_timeout=keep_alive, ssl=trusted, resolver=_Resolver())
        self._factory = cast("partial[ResponseHandler]", partial(_Protocol, loop=asyncio.get_running_loop()))
        self._used: WeakSet[ResponseHandler] = WeakSet()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        here = _passage.get()
        if here.transport is not None:
            raise SecondAttempt
        req.headers = here.headers
        while True:
            connection = await super().connect(req, traces, timeout)
            if self._is_live(connection.protocol):
                here.transport = connection.transport
                return connection
            connection.close()

    def _is_live(self, protocol: ResponseHandler | None) -> bool:
        if protocol is None or protocol.transport is None:
            return False
        if protocol not in self._used:
            self._used.add(protocol)
            return True
        # Nothing is due on an idle connection: what there is to read is the end of it, which the
        # event loop has not seen yet.
        poll = select.poll()
        poll.register(protocol.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not poll.poll(0)


class _Resolver(AbstractResolver):
    def __init__(self) -> None:
        self._lookup = Lookup()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: AddressFamily = AF_INET,  # noqa: ARG002 - part of aiohttp's interface
    ) -> list[ResolveResult]:
        found = await self._lookup.addresses(host, port)
        return [
            ResolveResult(hostname=host, host=where[0], port=port, family=kind, proto=proto, flags=0)
            for kind, _, proto, _, where in found
        ]

    async def close(self) -> None:
        """Nothing to close: a lookup that hangs ends by itself."""
