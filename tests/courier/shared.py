"""A shared courier, run as its users run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shadowtap.cli.asking import ask_at
from shadowtap.exceptions import CourierError
from tests.support.servers import environment
from tests.support.waiting import until

SHADOWTAP = [sys.executable, "-m", "shadowtap"]


@contextmanager
def shared_courier(folder: Path, **more: str) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Run ``shadowtap courier`` for the length of a block."""
    path = folder / "shared.sock"
    command = [*SHADOWTAP, "courier", "--listen", f"unix://{path}"]
    with subprocess.Popen(command, env=environment(more), stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: process.poll() is not None or answers(path), 60, "the courier listens")
            yield path, process
        finally:
            process.kill()


def answers(path: Path) -> bool:
    try:
        return ask_at(path).pid > 0
    except CourierError:
        return False
