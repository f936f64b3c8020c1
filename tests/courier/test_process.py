"""Couriers as processes of their own: shared ones, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shadowtap.cli.asking import ask_at
from shadowtap.handover import Handover
from shadowtap.settings import live
from shadowtap.telemetry.ledger import Ledger
from tests.courier.shared import SHADOWTAP, answers, shared_courier
from tests.support import faults
from tests.support.exchanges import exchange
from tests.support.servers import environment
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until


@contextmanager
def web(path: Path, url: str, **settings: Any) -> Iterator[tuple[Handover, Ledger]]:
    """Hand over to a shared courier, as a web process does."""
    ledger = Ledger()
    targets = [{"name": "shadow", "url": url}]
    given = {"courier": f"unix://{path}", "timeout": "60s", "shutdown_grace": "1s", **settings}
    handover = Handover(live(environ={}, targets=targets, **given), ledger)
    try:
        yield handover, ledger
    finally:
        handover.close()


def settled(ledger: Ledger) -> dict[str, int]:
    until(lambda: not any(ledger.pending().values()), 60, "every copy ends")
    return ledger.outcomes()["shadow"]


def run(command: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SHADOWTAP, *command], env=environment(more), capture_output=True, text=True, timeout=60, check=False
    )


def test_web_processes_share_a_courier_and_each_keeps_its_own_account(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        faults.refusing_port() as port,
        shared_courier(tmp_path) as (path, process),
        web(path, shadow.url) as (first, first_ledger),
        web(path, f"http://127.0.0.1:{port}") as (second, second_ledger),
    ):
        for number in range(5):
            first.put(exchange(b"/first"))
            if number < 2:
                second.put(exchange(b"/second"))
        assert settled(first_ledger) == {"answered": 5}
        assert settled(second_ledger) == {"connect_error": 2}
        status = ask_at(path)
        assert (status.pid, status.clients) == (process.pid, 2)
        assert status.counts == {"shadow": {"answered": 5, "connect_error": 2}}
        first.close()
        until(lambda: ask_at(path).clients == 1, what="one has hung up")
        second.put(exchange(b"/second"))
        settled(second_ledger)
        assert ask_at(path).counts == {"shadow": {"answered": 5, "connect_error": 3}}
        shown = run(["status", "--json", "--socket", f"unix://{path}"])
        assert json.loads(shown.stdout)["counts"] == {"shadow": {"answered": 5, "connect_error": 3}}
        assert {request.target for request in shadow.requests} == {b"/first"}


def test_a_shared_courier_finishes_its_copies_at_the_end(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path) as (path, process),
        web(path, shadow.url, shutdown_grace="30s") as (handover, ledger),
    ):
        for _ in range(20):
            handover.put(exchange())
        until(lambda: ask_at(path).pending, what="the copies have arrived")
        process.terminate()
        assert process.wait(40) == 0
        assert settled(ledger) == {"answered": 20}
        assert not path.exists()


def test_a_shared_courier_does_not_wait_for_ever_at_the_end(tmp_path: Path) -> None:
    with (
        RecordingShadow(serve=faults.hang) as hung,
        shared_courier(tmp_path) as (path, process),
        web(path, hung.url) as (handover, ledger),
    ):
        handover.put(exchange())
        hung.wait_for(1, timeout=60)
        start = time.monotonic()
        process.terminate()
        assert process.wait(20) == 0
        assert 0.9 < time.monotonic() - start < 5
        assert settled(ledger) == {"shutdown": 1}


def test_a_shared_courier_that_is_killed_is_found_again_when_it_is_back(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path) as (path, process),
        web(path, shadow.url) as (handover, ledger),
    ):
        handover.put(exchange())
        assert settled(ledger) == {"answered": 1}
        process.kill()
        process.wait()
        handover.put(exchange())
        until(lambda: ledger.outcomes()["shadow"].get("courier_down"), what="it is missed")

        def answered() -> bool:
            handover.put(exchange())
            return ledger.outcomes()["shadow"]["answered"] > 1

        with shared_courier(tmp_path):
            until(answered, 60, "copies are answered again")
            settled(ledger)


def test_a_second_courier_at_the_same_socket_does_not_start(tmp_path: Path) -> None:
    with shared_courier(tmp_path) as (path, _):
        second = run(["courier", "--listen", f"unix://{path}"])
        assert second.returncode == 1
        assert "a courier listens there already" in second.stderr
        assert answers(path)


@pytest.mark.parametrize("command", [["-m", "shadowtap", "courier", "--listen", "unix:///{folder}/c.sock"],
                                     ["-m", "shadowtap.courier", "--fd", "0"]])  # fmt: skip
def test_a_courier_says_what_has_to_be_installed(tmp_path: Path, command: list[str]) -> None:
    hide = "import sys; sys.modules['presidio_analyzer'] = sys.modules['aiohttp'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide)
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    filled = [part.format(folder=tmp_path) for part in command]
    done = subprocess.run(
        [sys.executable, *filled],
        env=environment({"PYTHONPATH": paths}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 78
    assert (
        "the courier needs presidio-analyzer, aiohttp: pip install presidio-analyzer aiohttp" in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_status_without_a_courier_says_so(tmp_path: Path) -> None:
    done = run(["status", "--socket", f"unix://{tmp_path}/none.sock"])
    assert done.returncode != 0
    assert "no courier at" in done.stderr
    assert "Traceback" not in done.stderr


ORPHAN = """
import os, sys, time
from shadowtap.handover.child import Child
child = Child()
if os.fork() == 0:
    os.setsid()
    time.sleep(600)      # holds the socket, though its parent is gone
print(child.process.pid, flush=True)
os.kill(os.getpid(), 9)  # before the courier has even begun
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes by /proc")
def test_a_courier_ends_whose_parent_died_before_it_could_look() -> None:
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        courier = int(parent.stdout.readline())
        parent.wait()
        group = [
            int(p.name) for p in Path("/proc").glob("[0-9]*") if holds(p, "time.sleep(600)      # holds")
        ]
        try:
            until(lambda: not holds(Path(f"/proc/{courier}"), "shadowtap.courier"), 30, "the orphan ends")
        finally:
            for pid in group:
                os.kill(pid, signal.SIGKILL)


def holds(process: Path, text: str) -> bool:
    try:
        return text.encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False
