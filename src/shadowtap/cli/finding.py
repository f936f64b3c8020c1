"""One line of what ``check`` found."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    """How bad a finding is."""

    OK = 0
    WARNING = 1
    ERROR = 2


_SIGNS = {Level.OK: ("✓", "32"), Level.WARNING: ("!", "33"), Level.ERROR: ("✗", "31")}


class Finding(NamedTuple):
    """What was looked at, and what was seen."""

    level: Level
    subject: str
    text: str

    def line(self, *, colour: bool = False) -> str:
        """Return the finding as a line for people."""
        sign, code = _SIGNS[self.level]
        if colour:
            sign = f"\x1b[{code}m{sign}\x1b[0m"
        return f"{sign} {self.subject}: {self.text}"
