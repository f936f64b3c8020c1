"""How the courier shares the processor with the app."""

from __future__ import annotations

import os
from contextlib import suppress


def lower(priority: str) -> None:
    """Yield the processor to the app: whenever it wants it, mostly, or not at all."""
    if priority != "normal":
        with suppress(OSError, AttributeError):
            os.nice(19)
    if priority == "idle":
        with suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
