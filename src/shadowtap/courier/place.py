"""Where the couriers of web processes answer ``shadowtap status``."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from shadowtap.exceptions import CourierError


def status_folder() -> Path:
    """Return this user's folder of status sockets, which may not exist."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        return Path(runtime, "shadowtap")
    return Path(tempfile.gettempdir(), f"shadowtap-{os.geteuid()}")


def status_path(pid: int) -> Path:
    """Return where a child courier answers ``status``; the folder is made if need be.

    Raises:
        CourierError: somebody else could write to the folder.
        OSError: it cannot be made.
    """
    folder = status_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise CourierError(f"{folder} is not a folder that only this user can write to")
    return folder / f"courier-{pid}.sock"
