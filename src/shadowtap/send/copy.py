"""What the sender is given and what it gives back."""

from __future__ import annotations

import msgspec

from shadowtap.exchange import Headers, RedactedRequest


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A redacted request, ready to be sent to a target."""

    id: str
    """Unique; joins copy, answer, log lines and report."""
    request: RedactedRequest
    set_headers: tuple[tuple[str, str], ...] = ()
    """Headers set by the matching rule; they replace the client's and the target's."""
    link: str = ""
    """The primary's ``traceparent``; empty when there is none."""
    until: float = 0.0
    """The copy does not leave after this time (seconds since the epoch); 0 for no end."""
    deadline: float
    """When the copy must have ended, queueing and answer included (``time.monotonic``)."""

    def __repr__(self) -> str:
        return f"<Copy {self.id} {self.request!r}>"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The shadow's answer: raw, memory only."""

    status: int
    headers: Headers
    body: bytes
    """At most ``max_answer`` bytes, as they came: compressed if the shadow compressed them."""
    truncated: bool
    """The body went on after these bytes."""
    duration: float
    """Seconds from the start of sending, connecting included, to the end of the answer."""
    queued: float
    """Seconds that the copy waited for its turn."""

    def __repr__(self) -> str:
        return f"<Answer {self.status} headers={len(self.headers)} body={len(self.body)} bytes>"
