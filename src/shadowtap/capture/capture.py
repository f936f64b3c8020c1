"""One request being captured, whatever its protocol."""

from __future__ import annotations

import time
from contextlib import suppress
from contextvars import Token
from typing import TypeAlias

from shadowtap import shield
from shadowtap.capture.decorators import MarkedShare, seen
from shadowtap.capture.endpoint import Endpoint
from shadowtap.capture.ids import ids
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import Selected
from shadowtap.context import Marks, Share, mirrored
from shadowtap.exchange import CapturedRequest, CapturedResponse, Exchange, Headers
from shadowtap.outcome import Outcome


class Tee:
    """Keeps references to the chunks that pass by, up to a limit in bytes; of what is longer, the begin."""

    __slots__ = ("chunks", "limit", "size")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.chunks: list[bytes] = []
        self.size = 0

    @property
    def over(self) -> bool:
        """Whether not all that passed by was kept."""
        return self.size > self.limit

    def add(self, chunk: bytes) -> None:
        """Note a chunk. One that is not ``bytes`` could change later, so it is copied."""
        if not chunk:
            return
        self.size += len(chunk)
        if self.size <= self.limit:
            self.chunks.append(chunk if type(chunk) is bytes else bytes(chunk))
        else:
            self.exceed()

    def exceed(self) -> None:
        """Keep nothing more."""
        self.limit = -1

    def drop(self) -> None:
        """Let go of what was kept, and keep nothing more."""
        self.limit = -1
        self.chunks = []


class WholeTee(Tee):
    """Keeps all that passes by, or nothing: the begin of what is longer is of no use."""

    __slots__ = ()

    def exceed(self) -> None:
        """Let go of the begin."""
        self.drop()


class NoTee(Tee):
    """Keeps nothing: stands where everything is known."""

    __slots__ = ()

    def add(self, chunk: bytes) -> None:
        """Take no note."""


NOTHING = NoTee(-1)

Parts: TypeAlias = tuple[str, str, bytes, bytes, Headers, str, str]
"""A request without its body, noted before the app could change anything.

Method, scheme, path, query, headers, the client's address, the primary's trace
context. A bare tuple, since one with names costs eight times as much to make.
"""


class Capture:
    """A request and its answer, noted while they pass.

    ``finish`` may be called by anybody, from any thread, any number of times;
    the first call hands over.
    """

    # What most requests leave as it is stands in the class, which saves each of them a write.
    aborted = False
    """The client went away before it had sent its request, or before any answer."""
    status = 0
    answer_headers: Headers = ()
    answering_since = 0.0
    whole = False
    """The answer's body was seen to its end."""
    _share: MarkedShare | None = None

    def __init__(self, mirror: Mirror, selected: Selected, parts: Parts, length: int | None) -> None:
        settings = selected.plan.settings
        self._mirror = mirror
        self._selected = selected
        self._parts = parts
        self._wall = time.time()
        self._started = time.perf_counter()
        self.body: Tee = WholeTee(settings.max_body)
        if length is not None and length > settings.max_body:
            self.body.drop()
        self.length = length
        """Bytes of the request's body; ``None`` where its head does not tell."""
        self.complete = length == 0
        """The request's body has passed by to its end."""
        self.answer: Tee = Tee(settings.max_response)
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
            self.body = self.answer = NOTHING
            self.answer_headers = ()
            del self._parts
            self.release()

    def release(self) -> None:
        """Let go of the request itself; called once, when everything is known."""
        raise NotImplementedError

    def _account(self) -> None:
        endpoint = self.endpoint()
        plan, choice, key, names = self._selected
        # Even where the targets were picked at once: the app may have imported its endpoints only now.
        if names is None or seen.any:
            refused = self._refused_by(endpoint)
            if refused is not None:
                self._mirror.ledger.refuse(plan.names if names is None else names, refused)
                return
        if names is None:
            names = self._mirror.pick(choice, key, self._wish(endpoint))
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
        if share is None and self._selected.plan.settings.select == "marked":
            return Outcome.NOT_MARKED
        return None

    def _refusal(self) -> Outcome | None:
        if self.body.over:
            return Outcome.BODY_TOO_LARGE
        if self.aborted:
            return Outcome.CLIENT_ABORTED
        if not self.complete:
            return Outcome.BODY_UNREAD
        # By the settings in force now: they may have been changed to stop the copies.
        closed = self._mirror.plan.closed()
        if closed is not None:
            return closed
        return None if self._mirror.within_rate() else Outcome.RATE_LIMITED

    def _exchange(self, names: tuple[str, ...], route: str) -> Exchange:
        truncated = self.answer.over or not self.whole
        method, scheme, path, query, headers, client, traceparent = self._parts
        body = tuple(self.body.chunks)
        choice = self._selected.choice
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
            set_headers=choice.set_headers,
            keep_headers=choice.keep_headers,
            traceparent=traceparent,
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
