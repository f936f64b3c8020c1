"""The processes of a running server, seen from outside (Linux)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from tests.support.servers import Server


def command(pid: int) -> str:
    """Return the command line of a process; empty when it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def couriers(server: Server) -> list[int]:
    """Return the couriers that a server's processes have started and that are alive."""
    return [pid for pid in server.processes() if "-m shadowtap.courier --" in command(pid)]


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
