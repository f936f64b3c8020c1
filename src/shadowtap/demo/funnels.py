"""Wait for the courier of a demo's app to have accounted for everything."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from shadowtap import wire
from shadowtap.cli.asking import ask_at
from shadowtap.exceptions import CourierError

PATIENCE = 40.0
"""Seconds; the first copy waits for Presidio to load."""


def settled(folder: Path, requests: int) -> wire.Counts:
    """Return the courier's counts once it has ended ``requests`` requests, or when patience is over."""
    deadline = time.monotonic() + PATIENCE
    counts: wire.Counts = {}
    while time.monotonic() < deadline and sum(totals(counts).values()) < requests:
        for path in (folder / "shadowtap").glob("courier-*.sock"):
            with suppress(CourierError):
                counts = ask_at(path).counts
        time.sleep(0.02)
    return counts


def totals(counts: wire.Counts) -> dict[str, int]:
    """Return the counts by outcome, over all targets."""
    total: dict[str, int] = {}
    for outcomes in counts.values():
        for outcome, number in outcomes.items():
            total[outcome] = total.get(outcome, 0) + number
    return total
