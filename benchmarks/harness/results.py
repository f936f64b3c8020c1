"""The windows of an interleaved run, compared round by round: a disturbance hits both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from .figures import median
from .variant import Window

BASE = "bare"

Field = Callable[[Window], float]
"""Reads one figure of a window."""


class Results:
    """Windows by workload, variant, and mode: ``closed`` or ``open`` loop."""

    def __init__(self) -> None:
        self.windows: dict[tuple[str, str, str], list[Window]] = defaultdict(list)

    def add(self, workload: str, variant: str, mode: str, window: Window) -> None:
        """Note a window; each variant gets one per round, workload and mode."""
        self.windows[workload, variant, mode].append(window)

    def of(self, workload: str, variant: str, mode: str, field: Field) -> float:
        """Return the median of a figure over the rounds."""
        return median([field(window) for window in self.windows[workload, variant, mode]])

    def ratio(self, workload: str, variant: str, mode: str, field: Field, to: str = BASE) -> float:
        """Return the median over the rounds of a figure divided by another variant's in the same round."""
        return median([field(one) / field(other) for one, other in self._pairs(workload, variant, mode, to)])

    def added(self, workload: str, variant: str, mode: str, field: Field, to: str = BASE) -> float:
        """Return the median over the rounds of a figure less another variant's in the same round."""
        return median([field(one) - field(other) for one, other in self._pairs(workload, variant, mode, to)])

    def _pairs(self, workload: str, variant: str, mode: str, to: str) -> list[tuple[Window, Window]]:
        return list(zip(self.windows[workload, variant, mode], self.windows[workload, to, mode], strict=True))

    def delivered(self, workload: str, variant: str, mode: str) -> float:
        """Return the share of the requests whose copy arrived at the shadow."""
        windows = self.windows[workload, variant, mode]
        return sum(w.delivered for w in windows) / sum(w.requests for w in windows)

    def raw(self) -> list[dict[str, object]]:
        """Return everything, for a file."""
        return [
            {"workload": workload, "variant": variant, "mode": mode, "round": number, **window._asdict()}
            for (workload, variant, mode), windows in self.windows.items()
            for number, window in enumerate(windows)
        ]
