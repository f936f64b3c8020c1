"""Where the time of a redaction goes: its parts are timed as they call each other."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor, headers, json_body, leaf, request
from shadowtap.redact.presidio import Detector
from shadowtap.redact.surrogates import Surrogates

from .figures import median

REST = "walk, fields"
PARTS = ("parse", "recognisers", "surrogates", "headers", "check", REST)


def shares(redactor: Redactor, requests: Sequence[CapturedRequest]) -> dict[str, float]:
    """Return the share of each part, by the median over the requests of what each took alone."""
    spent: list[Counter[str]] = []
    with _timed() as clock:
        for one in requests:
            clock.own.clear()
            clock(REST, redactor.redact, one)
            spent.append(Counter(clock.own))
    taken = {part: median([one[part] for one in spent]) for part in PARTS}
    total = sum(taken.values())
    return {part: value / total for part, value in taken.items()}


class Clock:
    """Time of nested calls, each without that of those it makes."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self._inner = [0]

    def __call__(self, part: str, do: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call something and note its own time under a part."""
        began = time.perf_counter_ns()
        self._inner.append(0)
        try:
            return do(*arguments, **options)
        finally:
            taken = time.perf_counter_ns() - began
            self.own[part] += taken - self._inner.pop()
            self._inner[-1] += taken


@contextmanager
def _timed() -> Iterator[Clock]:
    """Put a clock around each part, for a while."""
    clock = Clock()
    places: list[tuple[Any, str, str]] = [
        (json_body, "check", "parse"),
        (Detector, "find", "recognisers"),
        (Surrogates, "text", "surrogates"),
        (Surrogates, "number", "surrogates"),
        (leaf, "scrub", "surrogates"),
        (headers, "redact", "headers"),
        (request, "survivors", "check"),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    for (owner, name, original), (_, _, part) in zip(originals, places, strict=True):
        setattr(owner, name, _within(clock, part, original))
    try:
        yield clock
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _within(clock: Clock, part: str, do: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        return clock(part, do, *arguments, **options)

    return timed
