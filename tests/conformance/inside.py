"""What a test may ask a primary about itself, past its mirror: ``/-/`` and a word."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from shadowtap.capture.mirror import Mirror

PREFIX = "/-/"


def tell(mirror: Mirror, path: str) -> bytes:
    """Return the answer to a question as JSON."""
    return json.dumps(_QUESTIONS[path.removeprefix(PREFIX)](mirror)).encode()


def _ledger(mirror: Mirror) -> object:
    ledger = mirror.ledger
    # What the courier has reported is read now, and not when the thread wakes the next time.
    mirror.hand_over.__self__._buffer.wake()  # type: ignore[attr-defined]
    # Pending first: what ends in between makes a difference that a test can wait for, not a lie.
    return {"pending": ledger.pending(), "received": ledger.received(), "outcomes": ledger.outcomes()}


def _process(mirror: Mirror) -> object:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "pid": os.getpid(),
        "memory": pages * os.sysconf("SC_PAGE_SIZE"),
        "threads": threading.active_count(),
        "open": len(mirror.open),
    }


def _in_force(mirror: Mirror) -> object:
    return mirror.plan.settings.exclude


_QUESTIONS = {"ledger": _ledger, "process": _process, "in-force": _in_force}
