"""An exchange in the form in which it waits for the writer thread."""

from __future__ import annotations

from typing import NamedTuple

from shadowtap import wire
from shadowtap.exchange import Exchange

LARGE = 64 * 1024
"""Bytes of bodies up to which an exchange is encoded at once.

That costs less than to keep its objects alive for another thread, and less
memory, but holds up the app's thread for as long as the bodies take to copy.
"""

OVERHEAD = 512
"""Bytes that an exchange is taken to need besides its payload or bodies."""


class Parcel(NamedTuple):
    """An exchange that waits."""

    targets: tuple[str, ...]
    content: bytes | Exchange
    """The payload of its frame, or the exchange itself where that is large."""
    size: int
    """About how many bytes of memory it holds."""


def bodies(exchange: Exchange) -> int:
    """Return the bytes of an exchange's bodies."""
    return sum(map(len, exchange.request.body)) + sum(map(len, exchange.response.body))


def pack(exchange: Exchange) -> Parcel:
    """Make an exchange ready to wait.

    Raises:
        CourierError: it has something in it that has no form on the wire.
    """
    size = bodies(exchange)
    if size > LARGE:
        return Parcel(exchange.targets, exchange, size + OVERHEAD)
    payload = wire.payload(exchange)
    return Parcel(exchange.targets, payload, len(payload) + OVERHEAD)
