"""How far a long work is, on standard error where somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_INTERVAL = 0.5
"""Seconds."""


def watched(items: Iterable[Item], word: str) -> Iterator[Item]:
    """Yield the items; show their number and pace if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    began = shown = time.monotonic()
    number = 0
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - shown >= _INTERVAL:
            shown = now
            _show(number, now - began, word)
    _show(number, time.monotonic() - began, word)
    print(file=sys.stderr)


def _show(number: int, seconds: float, word: str) -> None:
    pace = number / seconds if seconds else 0.0
    print(f"\r{number:,} {word}, {pace:,.0f} {word}/s", end="", file=sys.stderr, flush=True)
