"""The line between the benchmark and the processes that it starts: a byte asks, a line of JSON answers.

It runs over standard input and output, in a thread that sleeps while the load
runs, so that it costs the process that is measured nothing. When the benchmark
is gone, so is its end of the pipe, and the process ends too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .cores import MALLOC

BENCHMARKS = Path(__file__).parents[1]


def say(value: object) -> None:
    """Write a line to the benchmark."""
    os.write(1, json.dumps(value).encode() + b"\n")


def answer(account: Callable[[], object], ended: Callable[[], object]) -> None:
    """Answer each question with what ``account`` returns, in a thread; call ``ended`` after the last."""

    def serve() -> None:
        while os.read(0, 1):
            say(account())
        ended()

    threading.Thread(target=serve, daemon=True, name="benchmark-control").start()


class Process:
    """A module of this folder as a process of its own, on one core."""

    def __init__(self, module: str, *arguments: str, core: int, env: Mapping[str, str] | None = None) -> None:
        paths = [str(BENCHMARKS), *filter(None, [os.environ.get("PYTHONPATH")])]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SHADOWTAP_")}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"harness.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**clean, **MALLOC, **(env or {}), "PYTHONPATH": os.pathsep.join(paths)},
            # What it starts in turn stays on the same core.
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 - no threads here
        )
        self.pid = self._process.pid
        self.address: tuple[str, int] = ("127.0.0.1", self._hear()["port"])

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return "http://{}:{}".format(*self.address)

    def ask(self) -> dict[str, Any]:
        """Return what the process says about itself."""
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), b"?")
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a process ended with {self._process.wait()}:\n{self.errors()}")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def errors(self) -> str:
        """Return what it has written to standard error."""
        descriptor = self._errors.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def end(self) -> None:
        """Ask it to end, and wait for that."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()
