"""The commands run to their end, and leave the figures that they promise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = [
    pytest.mark.load,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads clocks and memory from Linux"),
    pytest.mark.skipif(len(getattr(os, "sched_getaffinity", lambda _: ())(0)) < 2, reason="needs two cores"),
]


def run(name: str, file: Path, environment: dict[str, str]) -> tuple[str, dict]:
    command = [sys.executable, str(BENCHMARKS / name), "--quick", "--json", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads(file.read_text())


def test_the_benchmark_of_overhead_accounts_for_every_request(
    tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    printed, written = run("overhead.py", tmp_path / "figures.json", bare_environment)
    assert set(written["accounts"]) == {"taken", "healthy", "hung", "refusing"}
    assert written["accounts"]["healthy"]["outcomes"]["answered"]
    assert "answered" not in written["accounts"]["hung"]["outcomes"]
    assert len(written["bars"]) > 10
    assert "bare again" in printed


def test_the_benchmark_of_the_courier_says_where_the_time_goes(
    tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    printed, written = run("courier.py", tmp_path / "figures.json", bare_environment)
    assert list(written["stages"]) == ["receive, decode", "redact", "sign, compose", "send", "rest"]
    assert sum(written["stages"].values()) == pytest.approx(written["steady"]["cpu"])
    assert "copies per second and core" in printed
