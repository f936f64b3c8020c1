"""Cores, and what a process uses of them and of the memory. Linux only."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

MALLOC = {"MALLOC_TRIM_THRESHOLD_": "1073741824", "MALLOC_MMAP_THRESHOLD_": "33554432"}
"""Keeps glibc from giving memory back after each large body and faulting it in again, which costs a bare
app more than a middleware that holds on to the body: without this, mirroring large bodies looks free."""


def prepare() -> tuple[int, int]:
    """Restart this program under the allocator's settings, if need be; return the cores for app and load.

    The load generator stays on the second of them, and its timers become exact.
    """
    if any(os.environ.get(name) != value for name, value in MALLOC.items()):
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **MALLOC})
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("this benchmark needs two cores: one for the app, one for the load")
    os.sched_setaffinity(0, {cores[1]})
    Path("/proc/self/timerslack_ns").write_text("1")
    return cores[0], cores[1]


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of all threads of a process, in user and system mode, to the nanosecond."""
    # The clock id of a process: clock_getcpuclockid(3), which Python does not offer.
    return time.clock_gettime((~pid << 3) | 2)


def tree_cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and of those that it started and that still run."""
    return cpu_seconds(pid) + sum(map(tree_cpu_seconds, children(pid)))


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def tree_resident_bytes(pid: int) -> int:
    """Return the resident memory of a process and of those that it started, what they share counted once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = int(rollup.partition("\nPss:")[2].split()[0]) * 1024
    return own + sum(map(tree_resident_bytes, children(pid)))


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z" and int(fields[1]) == pid:
                found.append(int(folder.name))
    return found
