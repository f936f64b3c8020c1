"""What one request may cost."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from shadowtap.exceptions import RedactionFailed

MAX_LEAVES = 20_000
"""Values and field names of one request that are looked at."""

MAX_DEPTH = 64
"""Levels of nesting of a JSON body, containers inside strings included."""


class Budget:
    """A deadline and a number of values, spent value by value."""

    __slots__ = ("_end", "_leaves", "_note", "_part")

    def __init__(self, timeout: float, note: Callable[[str], None] | None = None) -> None:
        self._end = monotonic() + timeout
        self._leaves = MAX_LEAVES
        self._note = note
        self._part = "request"

    @property
    def part(self) -> str:
        """The part of the request at work, for messages and for who watches."""
        return self._part

    @part.setter
    def part(self, part: str) -> None:
        self._part = part
        if self._note is not None:
            self._note(part)

    def spend(self) -> None:
        """Pay for one value; raise ``RedactionFailed`` when time or number is used up."""
        self.count()
        if monotonic() > self._end:
            self.check()

    def foresee(self, values: int) -> None:
        """Raise ``RedactionFailed`` when so many values are to come that their number would be used up."""
        if values > self._leaves:
            raise RedactionFailed(f"{self.part}: more than {MAX_LEAVES} values")

    def count(self) -> None:
        """Pay for one value that takes no time; raise ``RedactionFailed`` when their number is used up."""
        self._leaves -= 1
        if self._leaves < 0:
            raise RedactionFailed(f"{self.part}: more than {MAX_LEAVES} values")

    def check(self) -> None:
        """Raise ``RedactionFailed`` when the time is used up."""
        if monotonic() > self._end:
            raise RedactionFailed(f"{self.part}: took too long")
