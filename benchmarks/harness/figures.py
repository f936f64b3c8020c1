"""Small arithmetic on measurements, and tables of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """Return the median; not a number when there are no values."""
    return statistics.median(values) if values else float("nan")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many percent do not exceed; not a number when there are none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out text in columns: the first to the left, the others to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def layout(line: Sequence[str]) -> str:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        return "  ".join([line[0].ljust(widths[0]), *cells[1:]]).rstrip()

    return "\n".join([layout(lines[0]), "  ".join("-" * width for width in widths), *map(layout, lines[1:])])


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """Write a number for people; a dash for none."""
    if value != value:  # noqa: PLR0124 - not a number
        return "-"
    return f"{value:{'+' if sign else ''},.{digits}f}"
