"""What a process that holds raw requests owes: it ends with its parent and writes no core."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1


def no_core() -> None:
    """Have no core written when this process crashes, nor given to a program."""
    # On Linux a program that takes cores gets one under a limit of 0 as well, and only under 1 it does not;
    # no core fits into one byte either.
    limit = 1 if sys.platform == "linux" else 0
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, whatever this one is doing then (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was gone before we could ask
            os._exit(0)
