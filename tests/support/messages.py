"""HTTP/1.1 messages as bytes: what a shadow records and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

Fields = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Recorded:
    """One request, as it arrived."""

    method: str
    target: bytes
    headers: Fields
    """In their order, with their letter case and duplicates."""
    body: bytes
    """Without its chunks, if it came in chunks."""
    connection: int
    """Which connection it came over; the first is 1."""
    time: float
    """``time.monotonic`` when it was complete."""
    head: bytes = field(repr=False, default=b"")
    """Request line and header fields, raw."""

    def all(self, name: str) -> list[bytes]:
        """Return the values of all fields of this name."""
        return [value for key, value in self.headers if key.lower() == name.lower().encode()]

    def header(self, name: str) -> bytes | None:
        """Return the value of the only field of this name; ``None`` without one."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


Answer = Callable[[Recorded], bytes]


def reply(status: int = 200, headers: Iterable[tuple[str, str]] = (), body: bytes = b"ok") -> bytes:
    """Return a whole answer as bytes."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ok(request: Recorded) -> bytes:
    """Answer ``200``, with a body where there may be one."""
    return reply() if request.method != "HEAD" else reply(body=b"")


def parse_head(head: bytes) -> tuple[str, bytes, Fields]:
    """Split a request's head into method, target and header fields."""
    request_line, *lines = head.split(b"\r\n")
    method, target, _ = request_line.split(b" ")
    fields = [(name, value.strip(b" \t")) for name, _, value in (line.partition(b":") for line in lines)]
    return method.decode(), target, fields
