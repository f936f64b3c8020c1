"""Capture of an ASGI request: https://asgi.readthedocs.io/en/latest/specs/www.html"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shadowtap import shield
from shadowtap.capture import endpoint as routing
from shadowtap.capture.capture import Capture
from shadowtap.capture.decorators import seen
from shadowtap.capture.framing import scope_length
from shadowtap.capture.loop import is_copy
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import upgrades
from shadowtap.capture.trace import primary_traceparent
from shadowtap.exchange import Headers
from shadowtap.outcome import Outcome
from shadowtap.request_target import from_scope


class AsgiCapture(Capture):
    """Passes messages on in both directions, unchanged, and notes them."""

    _app: ASGIApp | None
    _scope: Scope
    _receive: Receive
    _send: Send
    _trailers = False

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app with this capture in between."""
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        token = self.enter() if seen.any else None
        try:
            await app(scope, self.receive, self.send)
        except BaseException as error:
            self.fail(error)
            raise
        finally:
            if token is not None:
                self.leave(token)
        if not self.finished:
            self.finish_shielded()

    async def receive(self) -> Message:
        """Pass a message from the client on to the app."""
        message = await self._receive()
        shield.shielded("capture", self._note_request, message)
        return message

    async def send(self, message: Message) -> None:
        """Pass a message from the app on to the client, then note it: the client does not wait for us."""
        await self._send(message)
        shield.shielded("capture", self._note_answer, message)

    def _note_request(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.request":
            self.body.add(message.get("body", b""))
            # Some servers tell the end in a message of its own, which an app that counts does not wait for.
            counted = bool(self.length) and self.body.size >= (self.length or 0)
            self.complete = counted or not message.get("more_body", False)
        elif kind == "http.disconnect" and not (self.complete and self.answering_since):
            self.aborted = True

    def _note_answer(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.body":
            self.answer.add(message.get("body", b""))
            if not message.get("more_body", False) and not self._trailers:
                self.end()
        elif kind == "http.response.start":
            headers = message.get("headers", ())
            # The specification allows any iterable; one that can be read only once is not ours to read.
            self.answering(message["status"], tuple(headers) if isinstance(headers, (list, tuple)) else ())
            self._trailers = message.get("trailers", False)
        elif kind in ("http.response.pathsend", "http.response.zerocopysend"):
            # The server sends a file by itself: its content never comes by.
            self.answer.exceed()
            if not message.get("more_body", False):
                self.finish()
        elif kind == "http.response.trailers" and not message.get("more_trailers", False):
            self.end()

    def endpoint(self) -> routing.Endpoint:
        """Return what Starlette's, FastAPI's or Django's routing found."""
        return routing.from_scope(self._scope, self._app, self.status)

    def release(self) -> None:
        """Let go of the request; what carries messages stays for as long as the app calls it."""
        self._app = None
        self._scope = {}


def begin(mirror: Mirror, scope: Scope) -> AsgiCapture | None:
    """Decide on a request; ``None`` when it is not captured, which is then accounted for."""
    closed = mirror.closed()
    if closed is not None:
        mirror.refuse(closed)
        return None
    headers: Headers = tuple(scope["headers"])
    fields = dict(headers)
    method = scope["method"]
    if b"upgrade" in fields or method == "CONNECT":
        protocol = fields.get(b"upgrade", b"").decode("latin-1")
        if upgrades(protocol, method):
            mirror.refuse(Outcome.UPGRADE)
            return None
    path, query = from_scope(scope)

    def header(name: str) -> str | None:
        value = fields.get(name.encode("latin-1"))
        return None if value is None else value.decode("latin-1")

    if b"x-shadow-id" in fields and is_copy(header, mirror.plan.settings.key, method, path, query):
        mirror.refuse(Outcome.LOOP)
        return None
    selected = mirror.select(method, path, header, scope)
    if selected is None:
        return None
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    traceparent = primary_traceparent(header("traceparent") if b"traceparent" in fields else None)
    parts = (method, scope.get("scheme", "http"), path, query, headers, peer, traceparent)
    return AsgiCapture(mirror, selected, parts, scope_length(scope, fields))
