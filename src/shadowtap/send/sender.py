"""Send copies to one target: the only file that imports httpx.

The seam is httpx's: a transport takes a ``Request`` and gives a ``Response``.
``httpx.AsyncClient`` is left out, because what it adds (redirects, cookies,
authentication, proxies) a copy must not have. Underneath are the connections of
aiohttp (see ``connector``), several times cheaper than httpcore's, and httpx's
own transport where HTTP/2 is asked for.

**A copy leaves at most once.** aiohttp would repeat a GET whose connection
broke; here a second attempt is refused. So that a kept connection which the
shadow closed meanwhile is no error either, a connection is kept for no longer
than ``KEEP_ALIVE`` seconds (servers keep them for 2 and more) and is asked, just
before it is used, whether the end of it has arrived. What remains is a close
that crosses the copy on the wire: a ``protocol_error``, since nobody can tell
whether the shadow has seen the copy.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

import httpx
from httpx_aiohttp import AiohttpTransport

from shadowtap.exceptions import SettingsError
from shadowtap.outcome import Outcome
from shadowtap.settings.model import Target

from .breaker import Breaker
from .compose import ENTROPY, Message, address, compose, sendable
from .connector import CannotConnect, Passage, fetch, session
from .copy import Answer, Copy
from .rotation import Rotation, Shared
from .trust import trusted
from .turns import Gate, Result, Turns
from .untraced import Untraced

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

KEEP_ALIVE = 1.0
"""Seconds for which an idle connection is kept."""

FAIR = 0.5
"""Share of the time limit that a shadow must have had for a time-out to be its fault."""

_log = logging.getLogger("shadowtap.send")


class Sender:
    """Sends copies to one target, and never raises for what the target does.

    Args:
        target: where to.
        timeout: seconds that a copy may take from the call of ``send``, should its own deadline be later.
        connections: copies in flight, and connections; more of them wait their turn.
        max_answer: bytes of an answer's body that are read; at a longer one the connection is given up.
        http2: speak HTTP/2 to an ``https`` target that offers it.
        ca_file: path of the certificates that are trusted instead of the system's and certifi's.
        key: signs the copies.
        breaker: decides when the target is left alone.
        transport: replaces the network, in tests.

    Raises:
        SettingsError: if HTTP/2 is asked for and not installed, or ``ca_file`` cannot be used.
    """

    def __init__(
        self,
        target: Target,
        *,
        timeout: float,
        connections: int,
        max_answer: int,
        breaker: Breaker,
        http2: bool = False,
        ca_file: str | None = None,
        key: bytes | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._name = target.name
        self._address = address(target)
        self._url = httpx.URL(target.url).copy_with(raw_path=b"/")
        self._timeout = timeout
        self._max_answer = max_answer
        self._key = key
        self._turns = Turns(connections, breaker, timeout * FAIR)
        self._transport = transport or _transport(self._url, connections, http2, ca_file)

    async def send(self, copy: Copy, gate: Gate | None = None) -> Result:
        """Send a copy when its turn comes, and read the answer, which there is if it is ``ANSWERED``."""
        if not sendable(copy.request.method):
            return Outcome.EXCLUDED, None
        limit = min(copy.deadline, time.monotonic() + self._timeout)
        return await self._turns.take(copy, gate, limit, lambda waited: self._attempt(copy, limit, waited))

    async def close(self) -> None:
        """Close all connections: what is in flight breaks off, what still waits ends as ``shutdown``."""
        self._turns.close()
        with Untraced():
            await self._transport.aclose()

    async def _attempt(self, copy: Copy, limit: float, waited: float) -> Result:
        start = time.monotonic()
        try:
            with Untraced():
                async with asyncio.timeout(limit - start):
                    response, body = await self._exchange(self._message(copy))
        except Exception as error:  # noqa: BLE001 - whatever a shadow provokes in a client is an outcome
            outcome = _outcome_of(error)
            _log.debug("a copy to %s ended as %s (%s)", self._name, outcome, type(error).__name__)
            return outcome, None
        return Outcome.ANSWERED, Answer(
            status=response.status_code,
            headers=tuple(response.headers.raw),
            body=body[: self._max_answer],
            truncated=len(body) > self._max_answer,
            duration=time.monotonic() - start,
            queued=waited,
        )

    def _message(self, copy: Copy) -> Message:
        return compose(self._address, copy, key=self._key, now=int(time.time()), entropy=os.urandom(ENTROPY))

    async def _exchange(self, message: Message) -> tuple[httpx.Response, bytes]:
        request = httpx.Request(
            message.method,
            self._url,
            headers=message.headers,
            stream=httpx.ByteStream(message.body),
            extensions={"target": message.target},
        )
        response = await self._transport.handle_async_request(request)
        stream = cast(httpx.AsyncByteStream, response.stream)
        try:
            if response.status_code == httpx.codes.SWITCHING_PROTOCOLS:
                raise httpx.RemoteProtocolError("switched to a protocol that nobody asked for")
            return response, await _read(stream, self._max_answer)
        finally:
            await stream.aclose()


async def _read(stream: httpx.AsyncByteStream, limit: int) -> bytes:
    """Read the raw body to its end, or until there is more of it than the limit."""
    body = bytearray()
    chunks = stream.__aiter__()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                break
    finally:
        await _end(chunks)
    return bytes(body)


async def _end(chunks: AsyncIterator[bytes]) -> None:
    """End a generator here, and not whenever it is collected."""
    if isinstance(chunks, AsyncGenerator):
        await chunks.aclose()


def _outcome_of(error: BaseException) -> Outcome:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return Outcome.TIMEOUT
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Outcome.TLS_ERROR
        cause = cause.__cause__ or cause.__context__
    return Outcome.CONNECT_ERROR if isinstance(error, httpx.ConnectError) else Outcome.PROTOCOL_ERROR


def _transport(
    url: httpx.URL, connections: int, http2: bool, ca_file: str | None
) -> httpx.AsyncBaseTransport:
    if http2 and find_spec("h2") is None:
        raise SettingsError("http2 is set, but HTTP/2 is not installed: pip install shadowtap[http2]")
    secure = url.scheme == "https"
    # To load all authorities takes a tenth of a second: not for a target that shows no certificate.
    context = trusted(ca_file) if secure or ca_file else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _Http2(context, connections) if http2 and secure else _Http1(url, context, connections)


class _Http1(AiohttpTransport):
    """aiohttp's connections behind httpx's interface.

    Of the original only its life cycle is left: its requests re-quote the URL, join
    and lower-case header fields, and take a dropped connection for a time-out.
    """

    def __init__(self, url: httpx.URL, context: ssl.SSLContext, connections: int) -> None:
        super().__init__(verify=context, client=lambda: session(context, connections, KEEP_ALIVE))
        self._origin = str(url).removesuffix("/")
        self._under_way: set[Passage] = set()
        self._session: ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._session is None:
            self._session = self.client = self.get_client()
        passage = Passage(request.headers.raw)
        url = self._origin + request.extensions["target"].decode("ascii")
        self._under_way.add(passage)
        try:
            answer = await fetch(self._session, passage, request.method, url, request.read())
        except BaseException as error:
            self._under_way.discard(passage)
            if isinstance(error, CannotConnect):
                raise httpx.ConnectError("cannot connect") from error
            raise
        stream = _Http1Stream(answer, passage, self._under_way)
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=stream)

    async def aclose(self) -> None:
        for passage in self._under_way:
            passage.give_up()
        await super().aclose()


class _Http1Stream(httpx.AsyncByteStream):
    def __init__(self, answer: ClientResponse, passage: Passage, under_way: set[Passage]) -> None:
        self._answer = answer
        self._passage = passage
        self._under_way = under_way

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.content.iter_any()

    async def aclose(self) -> None:
        self._under_way.discard(self._passage)
        if self._answer.closed:  # its end was read; the connection may carry the next copy already
            await self._answer.wait_for_close()
        else:
            self._passage.give_up()
            self._answer.close()


class _Http2(httpx.AsyncBaseTransport):
    """httpx's own transport, replaced by a fresh one when a stream was given up.

    httpcore does not reset such a stream: what is unread would keep taking up the
    connection's window and the server's count of streams, until nothing moves. Only
    copies beside an answer of 16 MiB and more can stall, up to their time limit.
    """

    def __init__(self, context: ssl.SSLContext, connections: int) -> None:
        limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=KEEP_ALIVE
        )
        self._rotation = Rotation(
            lambda: httpx.AsyncHTTPTransport(context, http2=True, trust_env=False, limits=limits)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        shared = self._rotation.enter()
        try:
            response = await shared.thing.handle_async_request(request)
        except BaseException:
            await self._rotation.leave(shared, spoilt=True)
            raise
        stream = _Http2Stream(response, self._rotation, shared)
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)

    async def aclose(self) -> None:
        await self._rotation.aclose()


class _Http2Stream(httpx.AsyncByteStream):
    def __init__(
        self,
        response: httpx.Response,
        rotation: Rotation[httpx.AsyncHTTPTransport],
        shared: Shared[httpx.AsyncHTTPTransport],
    ) -> None:
        self._response = response
        self._rotation = rotation
        self._shared = shared
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = cast(httpx.AsyncByteStream, self._response.stream).__aiter__()
        try:
            async for chunk in chunks:
                yield chunk
            self._whole = True
        finally:
            await _end(chunks)

    async def aclose(self) -> None:
        try:
            await self._response.aclose()
        finally:
            await self._rotation.leave(self._shared, spoilt=not self._whole)
