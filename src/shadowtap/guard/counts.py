"""How many requests the guard has met, by what became of them."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shadowtap.telemetry import names

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation

UNMARKED = "unmarked"
GUARDED = "guarded"
ABANDONED = "abandoned"
"""The client went away before its body was complete."""


class Counts:
    """A count for each admission: ``unmarked``, ``guarded``, ``abandoned`` and each reason to refuse."""

    def __init__(self) -> None:
        self._reported = False
        self.clear()

    def clear(self) -> None:
        """Begin at zero, as a forked child does, which counts for itself."""
        self._lock = threading.Lock()
        self._numbers: Counter[str] = Counter()

    def add(self, admission: str) -> None:
        """Count one more."""
        with self._lock:
            self._numbers[admission] += 1

    def read(self) -> dict[str, int]:
        """Return the numbers so far."""
        with self._lock:
            return dict(self._numbers)

    def report(self) -> None:
        """Report through the app's own meter, once; not where nobody has imported OpenTelemetry's metrics."""
        if self._reported or "opentelemetry.metrics" not in sys.modules:
            return
        from opentelemetry.metrics import get_meter

        self._reported = True
        get_meter(names.METER).create_observable_counter(
            names.GUARD_REQUESTS, [self._observe], unit="{request}"
        )

    def _observe(self, _options: CallbackOptions) -> Iterable[Observation]:
        from opentelemetry.metrics import Observation

        return [Observation(number, {names.ADMISSION: what}) for what, number in self.read().items()]


counts = Counts()
"""Those of this process."""

os.register_at_fork(after_in_child=counts.clear)
