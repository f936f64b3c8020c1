"""What stopped a redacting process before, so that it is not tried again."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b

from shadowtap.exchange import CapturedRequest

KNOWN = 1024
"""Digests that are remembered; the oldest give way."""

STRIKES = 2
"""Times that a process must have died at a part of a request: anything may kill a process once."""


class Quarantine:
    """Keyed digests of parts of requests. No plaintext is kept, and the key lives as long as the courier."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._strikes: OrderedDict[tuple[str, bytes], int] = OrderedDict()

    def __contains__(self, request: CapturedRequest) -> bool:
        if not self._strikes:
            return False
        parts = {part for part, _ in self._strikes}
        return any(self._strikes.get((part, self._digest(request, part)), 0) >= STRIKES for part in parts)

    def add(self, request: CapturedRequest, part: str, *, proven: bool) -> None:
        """Note that a process died when it was at this part of a request; ``proven``: for no other reason."""
        part = part if _content(request, part) else ""
        entry = (part, self._digest(request, part))
        strikes = self._strikes.pop(entry, 0) + 1
        self._strikes[entry] = STRIKES if proven else strikes
        if len(self._strikes) > KNOWN:
            self._strikes.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._strikes.clear()

    def _digest(self, request: CapturedRequest, part: str) -> bytes:
        digest = blake2b(key=self._key, digest_size=16)
        for piece in _content(request, part) if part else _whole(request):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
        return digest.digest()


def _content(request: CapturedRequest, part: str) -> list[bytes]:
    """Return the content of the parts that can be told apart; of others, and of what is empty, nothing."""
    contents = {"path": request.path, "query": request.query, "body": b"".join(request.body)}
    content = contents.get(part)
    return [content] if content else []


def _whole(request: CapturedRequest) -> Iterable[bytes]:
    yield from (request.method.encode("utf-8", "surrogatepass"), request.path, request.query)
    for name, value in request.headers:
        yield from (name, value)
    yield b"".join(request.body)
