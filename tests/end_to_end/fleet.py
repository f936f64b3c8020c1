"""A server with its processes and couriers, and a client to it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from shadowtap import wire
from shadowtap.cli.asking import ask_at
from shadowtap.exceptions import CourierError
from tests.conformance.processes import command
from tests.support.servers import Server, ServerFailed, request
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

WSGI, ASGI = "tests.end_to_end.apps:wsgi", "tests.end_to_end.apps:asgi"


class Fleet(NamedTuple):
    """What a test of several processes looks at."""

    server: Server
    shadow: RecordingShadow
    runtime: Path
    """The folder under which couriers answer ``status``."""

    def ask(self) -> tuple[str, int]:
        """Send a request; return what is unique in it, and the id of the process that served it."""
        mark = uuid.uuid4().hex
        answer = request(self.server.address, "GET", f"/orders/{mark}")
        assert answer.status == 200
        return mark, int(answer.body)

    def burst(self, number: int) -> tuple[list[str], set[int]]:
        """Send so many requests, a few at a time; return what is unique in them, and who served them."""
        with ThreadPoolExecutor(6) as pool:
            served = list(pool.map(lambda _: self.ask(), range(number)))
        return [mark for mark, _ in served], {pid for _, pid in served}

    def reach_all(self, processes: int) -> tuple[list[str], set[int]]:
        """Send requests until so many processes have served some."""
        marks, pids = self.burst(10)
        deadline = time.monotonic() + 30
        while len(pids) < processes:
            assert time.monotonic() < deadline, f"only {len(pids)} processes serve\n{self.server.output()}"
            more, others = self.burst(10)
            marks, pids = marks + more, pids | others
        return marks, pids

    def wait_for_copies(self, marks: list[str], timeout: float = 60.0) -> None:
        """Wait until each of these requests has arrived at the shadow, and check that none came twice."""
        self.server.wait("the copies arrive", lambda: len(self.arrived(marks)) >= len(marks), timeout)
        assert sorted(self.arrived(marks)) == sorted(marks)

    def arrived(self, marks: list[str]) -> list[str]:
        """Return which of these requests have arrived, as often as they have."""
        wanted = set(marks)
        came = (copy.target.rpartition(b"/")[2].decode() for copy in list(self.shadow.requests))
        return [mark for mark in came if mark in wanted]

    def ids(self) -> list[bytes | None]:
        """Return the ids of all copies that have arrived."""
        return [copy.header("X-Shadow-Id") for copy in list(self.shadow.requests)]

    def couriers(self) -> dict[int, int]:
        """Return the live couriers, and the parent of each."""
        found = [pid for pid in self.server.processes() if "-m shadowtap.courier --" in command(pid)]
        return {pid: parent_of(pid) for pid in found}

    def statuses(self) -> list[wire.Status]:
        """Return the status of each courier that answers."""
        found = []
        for path in self.runtime.glob("shadowtap/courier-*.sock"):
            try:
                found.append(ask_at(path))
            except CourierError:  # killed before it could remove its socket
                continue
        return found

    def total(self) -> dict[str, int]:
        """Return the outcomes of all couriers' web processes together."""
        total: dict[str, int] = {}
        for status in self.statuses():
            for outcomes in status.counts.values():
                for outcome, number in outcomes.items():
                    total[outcome] = total.get(outcome, 0) + number
        return total

    def wait_for_total(self, expected: dict[str, int]) -> None:
        """Wait until the totals are these."""
        try:
            self.server.wait(f"the total is {expected}", lambda: self.total() == expected, 20)
        except ServerFailed as failure:
            raise AssertionError(f"it is {self.total()}") from failure

    def wait_for_couriers(self, right: Callable[[dict[int, int]], bool], what: str) -> None:
        """Wait until the couriers are as they should be."""
        self.server.wait(what, lambda: right(self.couriers()), 20)

    def nothing_is_left(self) -> None:
        """Wait for the end of all processes that the server has started."""
        until(lambda: not self.server.processes(), 15, "all processes have ended")


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
