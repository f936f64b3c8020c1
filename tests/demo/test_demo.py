from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shadowtap.demo.recording import Record, read
from shadowtap.demo.screen import Screen, pretty


def test_the_demo_keeps_every_promise_and_ends_with_0() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "shadowtap", "demo"], capture_output=True, text=True, timeout=110, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr
    assert "Every promise held." in run.stdout
    assert "✗" not in run.stdout


def test_a_broken_promise_is_remembered(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen.promise("this held", kept=True)
    screen.promise("this did not", kept=False)
    assert screen.broken == 1
    assert "✗ this did not" in capsys.readouterr().out


def test_columns_of_wide_characters_stay_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().columns(["上海市浦东新区", "abc"], ["x", "y"])
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.index("│") == second.index("│") - 7


def test_a_body_is_shown_member_by_member() -> None:
    assert pretty('{"a": 1, "b": "é"}') == ["  a: 1", '  b: "é"']
    assert pretty("plain") == ["plain"]
    assert pretty("") == []


def test_records_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "records"
    assert read(path) == []
    path.write_text(json.dumps({"method": "GET", "path": "/", "headers": {}, "body": ""}) + "\n")
    assert read(path) == [Record("GET", "/", {}, "")]
