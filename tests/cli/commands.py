"""Commands run in this process, and in one of their own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from shadowtap import cli

KEY = "5f1d7ab2c0e94834a6b17f0c92d3e8415f1d7ab2c0e94834a6b17f0c92d3e841"


class Result(NamedTuple):
    status: int
    out: bytes
    err: str


class Command:
    """Runs a command in this process, with the key of these tests unless told otherwise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._monkeypatch = monkeypatch
        self._captured = capfdbinary

    def __call__(self, *arguments: str, stdin: bytes = b"", key: str | None = KEY) -> Result:
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            if key is not None:
                patch.setenv("SHADOWTAP_REDACT_KEY", key)
            status = cli.main(arguments)
        sys.stdout.flush()
        out, err = self._captured.readouterr()
        return Result(status, out, err.decode())


def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    environment = os.environ | {"SHADOWTAP_REDACT_KEY": KEY} | variables
    command = [sys.executable, "-m", "shadowtap", *arguments]
    return subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)
