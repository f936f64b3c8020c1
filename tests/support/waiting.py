"""Wait for a condition, with a deadline that fails the test."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], object], timeout: float = 60.0, what: str = "") -> None:
    """Return as soon as the condition holds; fail after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within {timeout:.0f} s: {what or condition}")
        time.sleep(0.01)
