"""What processes use of the machine."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """What the kernel says about a process."""

    runs: bool
    """It has work for the processor, whether it got that or not."""
    cpu: float
    """Seconds of CPU used, by ended children that it waited for as well."""
    resident: int
    """Resident memory in bytes, shared pages included."""


def usage(pid: int) -> Usage | None:
    """Return what a process uses; ``None`` where the platform does not tell, or when it has ended."""
    try:
        # The name of the program may hold spaces and parentheses: count from its end.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, fields[11:15]))
        return Usage(
            fields[0] == "R",
            ticks / os.sysconf("SC_CLK_TCK"),
            int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        )
    except (OSError, ValueError, IndexError):
        return None


def resident_bytes(*others: int) -> int:
    """Return the memory of this process and others in bytes, shared pages once; 0 where nobody tells."""
    own = usage(os.getpid())
    return (own.resident if own else 0) + sum(map(_proportional, others))


def _proportional(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(rollup.partition("\nPss:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        return 0


def cpu_seconds(*others: int) -> float:
    """Return the seconds of CPU used so far by this process and others, in user and system mode."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + sum(found.cpu for found in map(usage, others) if found)
