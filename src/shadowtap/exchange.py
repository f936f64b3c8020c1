"""What travels between the stages: captured and redacted requests.

``CapturedRequest`` is raw and ``RedactedRequest`` is not. They are different
types so that raw data on the wire is a type error; only ``shadowtap.redact``
makes the second (a test in ``tests/architecture`` holds that line).
"""

from __future__ import annotations

import msgspec

Headers = tuple[tuple[bytes, bytes], ...]
"""Header fields as (name, value), in the order in which they were received."""


class CapturedRequest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A request as the primary received it: raw personal data, memory only."""

    method: str
    scheme: str
    path: bytes
    """The path as received, percent-encoded, without query."""
    query: bytes
    headers: Headers
    body: tuple[bytes, ...]
    """The body in the chunks in which it passed by."""
    client: str
    """Address of the peer, without port; empty when unknown."""
    route: str
    """The framework's route template; empty when unknown."""

    def __repr__(self) -> str:
        size = sum(map(len, self.body))
        return f"<CapturedRequest {self.method} headers={len(self.headers)} body={size} bytes>"


class CapturedResponse(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The primary's answer: raw, memory only."""

    status: int
    """0 when the app raised before it answered."""
    headers: Headers
    body: tuple[bytes, ...]
    truncated: bool
    """The body is not whole: over the cap, streamed on, or sent as a file."""
    duration: float
    """Seconds from the first sight of the request to the end of the answer."""

    def __repr__(self) -> str:
        size = sum(map(len, self.body))
        return f"<CapturedResponse {self.status} headers={len(self.headers)} body={size} bytes>"


class Exchange(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="exchange"):
    """One captured request with the primary's answer, on its way to the courier."""

    id: str
    """Unique; 32 lower-case hexadecimal digits."""
    targets: tuple[str, ...]
    """Names of the targets that get a copy."""
    request: CapturedRequest
    response: CapturedResponse
    captured_at: float
    """When the request was first seen, in seconds since the epoch."""
    until: float = 0.0
    """No copy leaves after this time (seconds since the epoch); 0 for no end."""
    set_headers: tuple[tuple[str, str], ...] = ()
    """Headers set by the matching rule, for the copy alone."""
    keep_headers: tuple[str, ...] = ()
    """Lower-case names of credential headers that the matching rule keeps."""
    traceparent: str = ""
    """The primary's trace context (W3C Trace Context), empty when there is none."""

    def __repr__(self) -> str:
        return f"<Exchange {self.id} {self.request!r} {self.response!r}>"


class RedactedRequest(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="redacted"):
    """A request from which personal data has been removed. Made by ``shadowtap.redact`` alone."""

    method: str
    path: bytes
    query: bytes
    headers: Headers
    """What is left of the client's own headers; framing, host and marks are the sender's."""
    body: bytes
    host: bytes = b""
    """The host that the client asked for, redacted; used by the ``original`` and ``suffix`` policies."""

    def __repr__(self) -> str:
        size = len(self.body)
        return f"<RedactedRequest {self.method} headers={len(self.headers)} body={size} bytes>"
