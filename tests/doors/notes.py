"""What an app in another process did: a line for each event, in a file that the test reads."""

from __future__ import annotations

import os
import time
from pathlib import Path

FOLDER = "DOORS_FOLDER"
"""Names the folder of the file, and of the gates."""


def note(event: str) -> None:
    """Add a line; whole even where several processes write."""
    with Path(os.environ[FOLDER], "events").open("a", encoding="utf-8") as file:
        file.write(event + "\n")


def events(folder: Path) -> list[str]:
    """Return the lines so far."""
    file = folder / "events"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def wait_for_gate(name: str, timeout: float = 20.0) -> None:
    """Wait until the test opens a gate, which is a file with that name."""
    deadline = time.monotonic() + timeout
    while not gate(name).exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def gate(name: str, folder: Path | None = None) -> Path:
    """Return the file that opens a gate."""
    return Path(folder or os.environ[FOLDER], name)
