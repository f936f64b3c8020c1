"""Remember the ids of shadow requests for as long as their signatures hold."""

from __future__ import annotations

import math
import os
import threading

CAPACITY = 200_000
"""Ids held at most: some 25 MB. Reached by 1,600 signed requests per second at the default window."""


class SeenIds:
    """The ids seen in this process, each until its signature has run out.

    When there are too many, the oldest are forgotten, and with them every
    signature as old as theirs is refused from then on: a shorter window
    instead of an open one.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self.clear()

    def clear(self) -> None:
        """Forget everything: a forked child has a memory, and a lock, of its own."""
        self._lock = threading.Lock()
        self._ids: set[str] = set()
        self._by_time: dict[int, list[str]] = {}
        self._floor = -math.inf

    def __len__(self) -> int:
        return len(self._ids)

    def claim(self, id: str, time: int, *, now: float, window: float) -> bool:
        """Take an id for a request; ``False`` when it is taken or too old to tell.

        Args:
            id: The id that was signed.
            time: The time that was signed, in seconds since the epoch.
            now: The time it is.
            window: Seconds for which a signature holds.
        """
        with self._lock:
            self._forget_before(now - window)
            if time <= self._floor or id in self._ids:
                return False
            if len(self._ids) >= self._capacity:
                self._forget_oldest()
                if time <= self._floor:
                    return False
            self._ids.add(id)
            self._by_time.setdefault(time, []).append(id)
            return True

    def _forget_before(self, limit: float) -> None:
        # All that is below the limit is refused, so it need not be remembered.
        floor = math.ceil(limit) - 1
        if floor <= self._floor:
            return
        self._floor = floor
        for time in [time for time in self._by_time if time <= floor]:
            self._ids.difference_update(self._by_time.pop(time))

    def _forget_oldest(self) -> None:
        oldest = min(self._by_time)
        self._ids.difference_update(self._by_time.pop(oldest))
        self._floor = oldest


seen = SeenIds()
"""One for the process: a signature must not be good once for each of its apps."""

os.register_at_fork(after_in_child=seen.clear)
