"""The guard around an ASGI app: https://asgi.readthedocs.io/en/latest/specs/www.html"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from shadowtap.context import shadow
from shadowtap.guard import counts as counting
from shadowtap.guard.admission import Guarded, Unmarked
from shadowtap.guard.counts import counts
from shadowtap.guard.gate import Gate
from shadowtap.guard.incoming import ScopeRequest
from shadowtap.guard.outside import outside
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Refused
from shadowtap.guard.shadow_request import ShadowRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class GuardAsgi:
    """Serves shadow requests of an ASGI app without side effects, and leaves all others alone.

    Args:
        app: The app.
        policy: What the guard goes by.
    """

    def __init__(self, app: ASGIApp, policy: GuardPolicy) -> None:
        self.app = app
        self._gate = Gate(policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        kind = scope["type"]
        # What a shadow request calls in its own process is a part of it.
        if kind == "http" and shadow.get() is None:
            await self._serve(scope, receive, send)
        elif kind == "websocket" and self._gate.meet_websocket(ScopeRequest(scope)) is not None:
            await _close_websocket(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        admission = self._gate.meet(ScopeRequest(scope))
        if isinstance(admission, Guarded) and admission.claim is not None:
            body = SignedBody(receive)
            if not await body.read(self._gate.body_limit):
                counts.add(counting.ABANDONED)
                return
            admission = self._gate.confirm(admission, body.content)
            receive = body.receive
        if isinstance(admission, Unmarked):
            await self.app(scope, receive, send)
        elif isinstance(admission, Guarded):
            await GuardedCall(ShadowRequest(admission), receive, send).run(self.app, scope)
        else:
            await _refuse(admission, scope, send)


class SignedBody:
    """A body that is read before the app runs, and then given to it message by message, as it came."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: deque[Message] = deque()
        self.content = b""

    async def read(self, limit: int) -> bool:
        """Read to the end or over the limit; ``False`` when the client goes away before that."""
        chunks: list[bytes] = []
        size = 0
        more = True
        while more and size <= limit:
            message = await self._receive()
            if message["type"] != "http.request":
                return False
            self._messages.append(message)
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
        self.content = b"".join(chunks)
        return True

    async def receive(self) -> Message:
        """Return the next message of the request; after those that were read, whatever the server has."""
        return self._messages.popleft() if self._messages else await self._receive()


class GuardedCall:
    """The app's call for one shadow request: background work that it waits for included."""

    def __init__(self, request: ShadowRequest, receive: Receive, send: Send) -> None:
        self._request = request
        self._receive = receive
        self._send = send

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Run the app inside the shadow request."""
        try:
            with self._request.inside():
                await app(scope, self.receive, self.send)
        finally:
            self._request.end()

    async def receive(self) -> Message:
        """Return what the server has."""
        return await outside(self._receive)

    async def send(self, message: Message) -> None:
        """Pass a message on; the head of the answer with our fields after the app's own."""
        if message["type"] == "http.response.start":
            ours = [(name.lower().encode(), value.encode()) for name, value in self._request.answer_fields()]
            if ours:
                message = {**message, "headers": [*message.get("headers", ()), *ours]}
        await outside(self._send, message)


async def _refuse(refused: Refused, scope: Scope, send: Send) -> None:
    body = refused.body
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": refused.status, "headers": fields})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _close_websocket(receive: Receive, send: Send) -> None:
    message = await receive()
    if message["type"] == "websocket.connect":
        # Before it is accepted: the server answers the handshake with 403.
        await send({"type": "websocket.close", "code": 1008, "reason": "shadow request refused"})
