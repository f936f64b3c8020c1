from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from shadowtap import cli
from shadowtap.cli.asking import ask
from shadowtap.cli.funnel import lines
from shadowtap.handover.child import Child
from shadowtap.outcome import SENT, Outcome


def test_without_a_courier_it_says_so_and_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert cli.main(["status"]) == 1
    assert "no courier is running" in capsys.readouterr().err


def test_a_childs_funnel_is_shown_and_a_dead_ones_socket_is_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    dead = tmp_path / "shadowtap" / "courier-1.sock"
    dead.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(dead))
    child = Child()
    try:
        with socket.socket(fileno=os.dup(child.link.fileno())) as sock:
            ask(sock)
        assert cli.main(["status", "--json"]) == 0
        status = json.loads(capsys.readouterr().out)
        assert status["pid"] == child.process.pid
        assert cli.main(["status"]) == 0
        assert f"courier {child.process.pid}" in capsys.readouterr().out
    finally:
        child.link.close()
        assert child.wait(20)
    assert not list(dead.parent.iterdir())


def test_a_socket_that_is_no_unix_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["status", "--socket", "localhost:80"])
    assert "expected unix:///path" in capsys.readouterr().err


def test_the_funnel_names_every_outcome_with_its_share() -> None:
    text = "\n".join(lines("v2", {outcome.value: 1 for outcome in Outcome}, pending=2))
    received = next(line for line in text.splitlines() if line.startswith("  received"))
    assert received.split()[1] == str(len(Outcome) + 2)
    for outcome in Outcome:
        assert outcome.value in text
    sent = next(line for line in text.splitlines() if line.startswith("  sent"))
    assert sent.split()[1] == str(len(SENT))
    assert "pending" in text
