"""What a watch holds against a redacting process, by what the kernel says of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator

import pytest

from shadowtap.courier import worker as worker_module
from shadowtap.courier.batch import IDLE, PARTS, Progress
from shadowtap.courier.usage import Usage, usage
from shadowtap.courier.worker import Watch

NURSERY, TASKS, MIB = 1, 16, 1024 * 1024


class Watched:
    """A process that is at its first task, and how it uses its time; it is not there."""

    def __init__(self) -> None:
        self.progress = Progress()
        self.progress.begin()
        self.progress.at(0)
        self.cpu = 0.0
        self.uses = lambda: Usage(True, 0.0, 0)
        self.killed: list[int] = []
        self.looks = 0

    def usage(self, pid: int) -> Usage | None:
        self.looks += 1
        return Usage(False, 0.0, 0) if pid == NURSERY else self.uses()

    def burn(self) -> Usage:
        self.cpu += 0.01
        return Usage(True, self.cpu, 0)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    process = Watched()
    monkeypatch.setattr(worker_module, "usage", process.usage)
    monkeypatch.setattr(worker_module.os, "kill", lambda _pid, number: process.killed.append(number))
    monkeypatch.setattr(worker_module, "TICK", 0.002)
    monkeypatch.setattr(worker_module, "SLACK", 0.05)
    yield process
    process.progress.close()


def look(process: Watched, until: Callable[[], object], *, limit: float = 0.05) -> tuple[bool, int]:
    """Watch until something holds; return whether the process was ended, and how often its parent was."""
    ended: list[bool] = []

    async def scenario() -> bool:
        watch = Watch(process.progress, [limit] * TASKS, MIB, NURSERY, lambda: ended.append(True))
        async with asyncio.timeout(20):
            while not until() and not ended:  # noqa: ASYNC110 - whatever is waited for
                await asyncio.sleep(0.001)
        watch.close()
        return watch.ended

    return asyncio.run(scenario()), len(ended)


def test_a_process_that_computes_too_long_is_ended(watched: Watched) -> None:
    watched.uses = watched.burn
    assert look(watched, lambda: watched.killed) == (True, 0)
    assert watched.killed[0] == signal.SIGKILL


def test_a_process_that_sleeps_too_long_is_ended(watched: Watched) -> None:
    watched.uses = lambda: Usage(False, 0.0, 0)
    assert look(watched, lambda: watched.killed) == (True, 0)


def test_a_process_that_waits_for_the_processor_is_not_to_blame(watched: Watched) -> None:
    assert look(watched, lambda: watched.looks > 200) == (False, 0)


def test_a_process_that_comes_forward_is_left_alone(watched: Watched) -> None:
    def next_task() -> Usage:
        watched.progress.at((watched.progress.task + 1) % TASKS)
        return watched.burn()

    watched.uses = next_task
    assert look(watched, lambda: watched.looks > 200) == (False, 0)


def test_a_process_that_grows_far_too_much_is_ended(watched: Watched) -> None:
    watched.uses = lambda: Usage(True, 0.0, 2 * MIB + 1)
    assert look(watched, lambda: watched.killed) == (True, 0)


def test_a_nursery_that_never_forks_is_ended(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "START", 0.05)
    watched.progress._cells[0] = 0
    ended, parent = look(watched, lambda: False)
    assert ended
    assert parent == 1
    assert not watched.killed


def test_where_nothing_is_known_of_processes_time_alone_counts(watched: Watched) -> None:
    watched.uses = lambda: None  # type: ignore[assignment, return-value]
    assert look(watched, lambda: watched.killed) == (True, 0)


def test_progress_is_seen_by_whoever_shares_it() -> None:
    ours = Progress()
    theirs = Progress(os.dup(ours.descriptor))
    assert (ours.pid, ours.task, ours.part) == (0, IDLE, "")
    theirs.begin()
    assert (ours.pid, ours.task) == (os.getpid(), IDLE)
    theirs.at(7)
    for part in PARTS:
        theirs.note(part)
        assert (ours.task, ours.part) == (7, part)
    theirs.note("something new")
    assert ours.part == ""
    theirs.close()
    ours.close()


def test_usage_is_that_of_the_process() -> None:
    own = usage(os.getpid())
    if own is None:
        pytest.skip("this platform does not tell")
    assert own.runs
    assert own.resident > MIB
    assert usage(2**22 + 1) is None
