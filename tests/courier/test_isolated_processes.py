"""The redacting processes of a courier that is a process itself: how they end, and what status says."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.courier.isolated import OBEDIENT, os_state, told
from tests.courier.shared import shared_courier
from tests.courier.test_process import run, settled, web
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are told by /proc")

ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([OBEDIENT, os.environ.get("PYTHONPATH", "")])}


def descendants(pid: int) -> list[int]:
    """Return the children of a process, and theirs."""
    children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(one for child in children for one in descendants(child))]


def hanging(pid: int) -> list[int]:
    """Wait until the redacting process of a courier is at work; return it and its parent."""
    until(lambda: len(descendants(pid)) == 2, what="it redacts")
    nursery, worker = descendants(pid)
    until(lambda: os_state(worker) == "R" and cpu(worker) > 10, what="it hangs")
    return [nursery, worker]


def cpu(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def ended(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_killed_courier_leaves_no_process_not_even_one_that_hangs(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path, **ENVIRONMENT) as (path, process),
        web(path, shadow.url, redact_timeout="600s") as (handover, _),
    ):
        handover.put(told(b"hang"))
        left = hanging(process.pid)
        process.kill()
        process.wait()
        until(lambda: ended(left), 20, "they end with it")


def test_a_killed_nursery_takes_the_process_that_hangs_along(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path, **ENVIRONMENT) as (path, process),
        web(path, shadow.url, redact_timeout="600s") as (handover, ledger),
    ):
        handover.put(told(b"fine"))
        settled(ledger)
        handover.put(told(b"hang"))
        left = hanging(process.pid)
        os.kill(left[0], signal.SIGKILL)
        until(lambda: not Path(f"/proc/{left[1]}").exists(), 20, "it ends")
        assert settled(ledger) == {"answered": 1, "redaction_failed": 1}


def test_signals_to_the_whole_group_let_the_courier_drain(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path, **ENVIRONMENT) as (path, process),
        web(path, shadow.url, shutdown_grace="30s") as (handover, ledger),
    ):
        handover.put(told(b"fine"))
        settled(ledger)
        members = descendants(process.pid)
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            for member in members:
                os.kill(member, number)
        for _ in range(20):
            handover.put(told(b"fine"))
        assert settled(ledger) == {"answered": 21}
        assert descendants(process.pid) == members
        process.terminate()
        assert process.wait(40) == 0
        until(lambda: ended(members), 20, "they end with it")


def test_status_says_how_often_redaction_was_replaced(tmp_path: Path) -> None:
    with (
        RecordingShadow() as shadow,
        shared_courier(tmp_path, **ENVIRONMENT) as (path, _),
        web(path, shadow.url, redact_timeout="100ms") as (handover, ledger),
    ):
        handover.put(told(b"hang"))
        assert settled(ledger) == {"redaction_failed": 1}
        shown = run(["status", "--socket", f"unix://{path}"]).stdout
        assert "redacting process replaced once, as it hung, died or grew" in shown
