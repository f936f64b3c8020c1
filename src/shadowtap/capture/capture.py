"""One request being captured, whatever its protocol."""

from __future__ import annotations

import time
from typing import NamedTuple

from shadowtap import shield
from shadowtap.capture.decorators import MarkedShare
from shadowtap.capture.endpoint import Endpoint
from shadowtap.capture.ids import ids
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import Choice, Plan
from shadowtap.context import Share
from shadowtap.exchange import CapturedRequest, CapturedResponse, Exchange, Headers
from shadowtap.outcome import Outcome


class Tee:
    """Keeps references to the chunks that pass by, up to a limit in bytes."""

    __slots__ = ("chunks", "limit", "over", "size")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.chunks: list[bytes] = []
        self.size = 0
        self.over = False

    def add(self, chunk: bytes) -> None:
        """Note a chunk. One that is not ``bytes`` could change later, so it is copied."""
        if not chunk:
            return
        self.size += len(chunk)
        if self.size > self.limit:
            self.over = True
        elif not self.over:
            self.chunks.append(chunk if type(chunk) is bytes else bytes(chunk))


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
        has_body: bool,
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
        self.body = Tee(plan.settings.max_body)
        self.complete = not has_body
        """The request's body has passed by to its end."""
        self.aborted = False
        """The client went away before it had sent its request, or before any answer."""
        self.status = 0
        self.answer_headers: Headers = ()
        self.answer = Tee(plan.settings.max_response)
        self.answering_since = 0.0
        self.whole = False
        """The answer's body was seen to its end."""
        mirror.open[id(self)] = self

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
        endpoint = self.endpoint()
        picked = self._pick(endpoint)
        if isinstance(picked, Outcome):
            self._mirror.refuse(picked)
            return
        refusal = self._refusal()
        if refusal is not None:
            self._mirror.ledger.refuse(picked, refusal)
            return
        self._mirror.hand_over(self._exchange(picked, endpoint.route))

    def _pick(self, endpoint: Endpoint) -> tuple[str, ...] | Outcome:
        """Return the targets, now that the endpoint is known."""
        if self._names is not None:
            return self._names
        share = self._share if self._share is not None else endpoint.share
        if share is not None and share.never:
            return Outcome.EXCLUDED
        if share is None and endpoint.hidden:
            return Outcome.EXCLUDED
        if share is None and self._plan.settings.select == "marked":
            return Outcome.NOT_MARKED
        return self._choice.pick(self._key, share) or Outcome.NOT_SAMPLED

    def _refusal(self) -> Outcome | None:
        if self.aborted:
            return Outcome.CLIENT_ABORTED
        if self.body.over:
            return Outcome.BODY_TOO_LARGE
        if not self.complete:
            return Outcome.BODY_UNREAD
        closed = self._plan.closed()
        if closed is not None:
            return closed
        return None if self._mirror.within_rate() else Outcome.RATE_LIMITED

    def _exchange(self, names: tuple[str, ...], route: str) -> Exchange:
        truncated = self.answer.over or not self.whole
        return Exchange(
            id=ids.new(),
            targets=names,
            request=CapturedRequest(*self._parts[:5], tuple(self.body.chunks), self._parts.client, route),
            response=CapturedResponse(
                self.status,
                self.answer_headers,
                tuple(self.answer.chunks),
                truncated,
                time.perf_counter() - self._started,
            ),
            captured_at=self._wall,
            until=self._plan.settings.until or 0.0,
            set_headers=self._choice.set_headers,
            keep_headers=self._choice.keep_headers,
            traceparent=self._traceparent,
        )

    def finish_shielded(self) -> None:
        """Finish; what fails in it does not reach the caller."""
        shield.shielded("capture", self.finish)
