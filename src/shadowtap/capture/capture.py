"""One request being captured, whatever its protocol."""

from __future__ import annotations

import time
from contextlib import suppress
from contextvars import Token
from typing import NamedTuple

from shadowtap import shield
from shadowtap.capture.decorators import MarkedShare, seen
from shadowtap.capture.endpoint import Endpoint
from shadowtap.capture.ids import ids
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import Choice, Plan
from shadowtap.context import Marks, Share, mirrored
from shadowtap.exchange import CapturedRequest, CapturedResponse, Exchange, Headers
from shadowtap.outcome import Outcome


class Tee:
    """Keeps references to the chunks that pass by, up to a limit in bytes.

    Args:
        limit: Bytes.
        begin: Whether the begin of what turns out to be longer is of use.
    """

    __slots__ = ("begin", "chunks", "limit", "over", "size")

    def __init__(self, limit: int, *, begin: bool) -> None:
        self.limit = limit
        self.begin = begin
        self.chunks: list[bytes] = []
        self.size = 0
        self.over = False

    def add(self, chunk: bytes) -> None:
        """Note a chunk. One that is not ``bytes`` could change later, so it is copied."""
        if not chunk:
            return
        self.size += len(chunk)
        if self.size > self.limit and not self.over:
            self.over = True
            if not self.begin:
                self.chunks = []
        if not self.over:
            self.chunks.append(chunk if type(chunk) is bytes else bytes(chunk))

    def drop(self) -> None:
        """Let go of what was kept, and keep nothing more."""
        self.over = True
        self.chunks = []


class Parts(NamedTuple):
    """A request without its body, noted before the app could change anything."""

    method: str
    scheme: str
    path: bytes
    query: bytes
    headers: Headers
    client: str


class Capture:
    """A request and its answer, noted while they pass.

    ``finish`` may be called by anybody, from any thread, any number of times;
    the first call hands over.
    """

    __slots__ = (
        "_choice",
        "_key",
        "_mirror",
        "_names",
        "_parts",
        "_plan",
        "_share",
        "_started",
        "_traceparent",
        "_wall",
        "aborted",
        "answer",
        "answer_headers",
        "answering_since",
        "body",
        "complete",
        "length",
        "status",
        "whole",
    )

    def __init__(
        self,
        mirror: Mirror,
        *,
        plan: Plan,
        choice: Choice,
        key: str | None,
        names: tuple[str, ...] | None,
        parts: Parts,
        length: int | None,
        traceparent: str,
    ) -> None:
        self._mirror = mirror
        self._plan = plan
        self._choice = choice
        self._key = key
        self._names = names
        self._parts = parts
        self._share: MarkedShare | None = None
        self._traceparent = traceparent
        self._wall = time.time()
        self._started = time.perf_counter()
        self.body = Tee(plan.settings.max_body, begin=False)
        if length is not None and length > plan.settings.max_body:
            self.body.drop()
        self.length = length
        """Bytes of the request's body; ``None`` where its head does not tell."""
        self.complete = length == 0
        """The request's body has passed by to its end."""
        self.aborted = False
        """The client went away before it had sent its request, or before any answer."""
        self.status = 0
        self.answer_headers: Headers = ()
        self.answer = Tee(plan.settings.max_response, begin=True)
        self.answering_since = 0.0
        self.whole = False
        """The answer's body was seen to its end."""
        mirror.open[id(self)] = self

    def enter(self) -> Token[Marks | None] | None:
        """Let the endpoint find this capture, if there are endpoints that look for it."""
        return mirrored.set(self) if seen.any else None

    def leave(self, token: Token[Marks | None] | None) -> None:
        """Undo ``enter``."""
        if token is not None:
            # A coroutine that nobody finishes is closed wherever it is collected: in another context.
            with suppress(ValueError):
                mirrored.reset(token)

    def mark(self, share: Share) -> None:
        """Note what the endpoint wishes; called by the decorated endpoint itself."""
        if isinstance(share, MarkedShare) and (self._share is None or not self._share.never):
            self._share = share

    def answering(self, status: int, headers: Headers) -> None:
        """Note the begin of the answer."""
        self.status = status
        self.answer_headers = headers
        self.answering_since = time.perf_counter()

    def end(self) -> None:
        """Note that the answer was seen whole, and finish."""
        self.whole = True
        self.finish()

    def endpoint(self) -> Endpoint:
        """Return what the framework's routing found."""
        raise NotImplementedError

    def finish(self) -> None:
        """Hand the exchange over, or account for why not. Only the first call does anything."""
        if self._mirror.open.pop(id(self), None) is None:
            return
        try:
            self._account()
        finally:
            # Tasks that the app leaves running may keep us, and what we stand in may refer to us in turn.
            self.body.drop()
            self.answer.drop()
            self.answer_headers = ()
            del self._parts
            self.release()

    def release(self) -> None:
        """Let go of the request itself; called once, when everything is known."""
        raise NotImplementedError

    def _account(self) -> None:
        endpoint = self.endpoint()
        names = self._names
        # Even where the targets were picked at once: the app may have imported its endpoints only now.
        refused = self._refused_by(endpoint)
        if refused is not None:
            self._mirror.ledger.refuse(self._plan.names if names is None else names, refused)
            return
        if names is None:
            names = self._mirror.pick(self._choice, self._key, self._wish(endpoint))
        if not names:
            return
        refusal = self._refusal()
        if refusal is not None:
            self._mirror.ledger.refuse(names, refusal)
            return
        self._mirror.hand_over(self._exchange(names, endpoint.route))

    def _wish(self, endpoint: Endpoint) -> MarkedShare | None:
        """Return the endpoint's mark: what it told itself, unless routing found that it forbids copies."""
        if self._share is None or (endpoint.share is not None and endpoint.share.never):
            return endpoint.share
        return self._share

    def _refused_by(self, endpoint: Endpoint) -> Outcome | None:
        """Return why the endpoint, now that it is known, rules a copy out."""
        share = self._wish(endpoint)
        if endpoint.hidden if share is None else share.never:
            return Outcome.EXCLUDED
        if share is None and self._plan.settings.select == "marked":
            return Outcome.NOT_MARKED
        return None

    def _refusal(self) -> Outcome | None:
        if self.body.over:
            return Outcome.BODY_TOO_LARGE
        if self.aborted:
            return Outcome.CLIENT_ABORTED
        if not self.complete:
            return Outcome.BODY_UNREAD
        # The settings in force now: they may have been changed to stop the copies.
        closed = self._mirror.plan.closed()
        if closed is not None:
            return closed
        return None if self._mirror.within_rate() else Outcome.RATE_LIMITED

    def _exchange(self, names: tuple[str, ...], route: str) -> Exchange:
        truncated = self.answer.over or not self.whole
        method, scheme, path, query, headers, client = self._parts
        body = tuple(self.body.chunks)
        return Exchange(
            id=ids.new(),
            targets=names,
            request=CapturedRequest(method, scheme, path, query, headers, body, client, route),
            response=CapturedResponse(
                self.status,
                self.answer_headers,
                tuple(self.answer.chunks),
                truncated,
                time.perf_counter() - self._started,
            ),
            captured_at=self._wall,
            until=self._mirror.plan.settings.until or 0.0,
            set_headers=self._choice.set_headers,
            keep_headers=self._choice.keep_headers,
            traceparent=self._traceparent,
        )

    @property
    def finished(self) -> bool:
        """Whether ``finish`` was called."""
        return id(self) not in self._mirror.open

    def fail(self, error: BaseException) -> None:
        """Finish, as the app has raised; cancelled before any answer means that the client has gone away."""
        # That of asyncio and that of trio, without importing either.
        if not self.answering_since and type(error).__name__ in ("CancelledError", "Cancelled"):
            self.aborted = True
        self.finish_shielded()

    def finish_shielded(self) -> None:
        """Finish; what fails in it does not reach the caller."""
        shield.shielded("capture", self.finish)
