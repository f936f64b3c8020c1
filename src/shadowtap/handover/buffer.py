"""The bounded queue between the app's threads and the writer thread."""

from __future__ import annotations

import threading
from collections import deque

from shadowtap.handover.parcel import Parcel


class Buffer:
    """Parcels that wait for the courier, bounded by number and bytes.

    A deque under a re-entrant lock, not a ``queue.Queue``: a finaliser may put
    from within a put, and would wait for itself there.
    """

    def __init__(self, length: int, size: int) -> None:
        self._max_length = length
        self._max_size = size
        self._lock = threading.RLock()
        self._items: deque[Parcel] = deque()
        self._size = 0
        self._sleeping = False
        self._wake = threading.Event()

    def __len__(self) -> int:
        return len(self._items)

    @property
    def full(self) -> bool:
        """Whether not even the smallest parcel would be taken."""
        return len(self._items) >= self._max_length or self._size >= self._max_size

    def put(self, parcel: Parcel) -> bool:
        """Take a parcel and wake the writer; ``False`` when there is no room. Never waits."""
        with self._lock:
            if len(self._items) >= self._max_length or self._size + parcel.size > self._max_size:
                return False
            self._items.append(parcel)
            self._size += parcel.size
        if self._sleeping:
            self._wake.set()
        return True

    def take(self, number: int, size: int) -> list[Parcel]:
        """Remove and return the oldest parcels, up to a number and about a size in bytes."""
        taken: list[Parcel] = []
        with self._lock:
            while self._items and len(taken) < number and size > 0:
                parcel = self._items.popleft()
                self._size -= parcel.size
                size -= parcel.size
                taken.append(parcel)
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
