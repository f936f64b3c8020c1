"""The maximum rate: a token bucket of one second's worth."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class RateLimit:
    """Lets ``rate`` copies per second through, in bursts of at most one second's worth (at least one)."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.RLock()
        self._room = max(rate, 1.0)
        self._tokens = self._room
        self._last = clock()

    def allows(self) -> bool:
        """Take a token, if there is one."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._room, self._tokens + (now - self._last) * self._rate)
            self._last = now
            if self._tokens < 1.0:
                return False
            self._tokens -= 1.0
            return True
