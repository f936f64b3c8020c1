from __future__ import annotations

import os
import signal

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.fleet import WSGI
from tests.support.servers import free_port, run, uwsgi

pytestmark = pytest.mark.skipif(uwsgi() is None, reason="uWSGI is not installed")


def command(port: int, *more: str) -> list[str]:
    options = ["--master", "--need-app", "--die-on-term", "--processes=2", "--enable-threads"]
    return [uwsgi() or "", "--http-socket", f"127.0.0.1:{port}", *options, *more, f"--module={WSGI}"]


@pytest.mark.parametrize("more", [[], ["--lazy-apps"], ["--threads=2"]], ids=["forked", "lazy", "threads"])
def test_each_worker_has_a_courier_of_its_own_and_the_totals_add_up(fleet: Run, more: list[str]) -> None:
    port = free_port()
    with fleet(lambda env: run(command(port, *more), port, env=env)) as running:
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        assert len(set(running.ids())) == len(marks)
        assert set(running.couriers().values()) == workers
        running.wait_for_total({"answered": len(marks)})
        running.server.stop()
        running.nothing_is_left()


def test_a_killed_worker_takes_its_courier_along(fleet: Run) -> None:
    port = free_port()
    with fleet(lambda env: run(command(port), port, env=env)) as running:
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        victim = min(workers)
        [orphan] = [courier for courier, parent in running.couriers().items() if parent == victim]
        os.kill(victim, signal.SIGKILL)
        running.wait_for_couriers(lambda couriers: orphan not in couriers, "its courier ends")
        marks, _ = running.burst(6)
        running.wait_for_copies(marks)
