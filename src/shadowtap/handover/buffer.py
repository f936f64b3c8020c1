"""The bounded queue between the app's threads and the writer thread."""

from __future__ import annotations

import threading
from collections import deque

from shadowtap.exchange import Exchange

OVERHEAD = 2048
"""Bytes that an exchange is taken to need besides its bodies: headers and objects."""


def size_of(exchange: Exchange) -> int:
    """Return about how many bytes of memory an exchange holds."""
    return OVERHEAD + sum(map(len, exchange.request.body)) + sum(map(len, exchange.response.body))


class Buffer:
    """Exchanges that wait for the courier, bounded by number and bytes.

    A deque under a re-entrant lock, not a ``queue.Queue``: a finaliser may put
    from within a put, and would wait for itself there.
    """

    def __init__(self, length: int, size: int) -> None:
        self._max_length = length
        self._max_size = size
        self._lock = threading.RLock()
        self._items: deque[tuple[Exchange, int]] = deque()
        self._size = 0
        self._sleeping = False
        self._wake = threading.Event()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, exchange: Exchange) -> bool:
        """Take an exchange and wake the writer; ``False`` when there is no room. Never waits."""
        size = size_of(exchange)
        with self._lock:
            if len(self._items) >= self._max_length or self._size + size > self._max_size:
                return False
            self._items.append((exchange, size))
            self._size += size
        if self._sleeping:
            self._wake.set()
        return True

    def take(self, number: int, size: int) -> list[Exchange]:
        """Remove and return the oldest exchanges, up to a number and about a size in bytes."""
        taken: list[Exchange] = []
        with self._lock:
            while self._items and len(taken) < number and size > 0:
                exchange, cost = self._items.popleft()
                self._size -= cost
                size -= cost
                taken.append(exchange)
        return taken

    def wait(self, timeout: float) -> None:
        """Sleep until something is put, ``wake`` is called, or the time (seconds) is over."""
        self._sleeping = True
        if not self._items:
            self._wake.wait(timeout)
        self._sleeping = False
        self._wake.clear()

    def wake(self) -> None:
        """End a ``wait`` early."""
        self._wake.set()
