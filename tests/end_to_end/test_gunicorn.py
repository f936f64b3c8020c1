from __future__ import annotations

import os
import signal

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.fleet import ASGI, WSGI
from tests.support.servers import serve

FORMS = {
    "sync": ("gunicorn", WSGI, 2, []),
    "sync, preloaded": ("gunicorn", WSGI, 3, ["--preload"]),
    "threads, preloaded": ("gunicorn-gthread", WSGI, 2, ["--preload"]),
    "uvicorn, preloaded": ("gunicorn-uvicorn", ASGI, 2, ["--preload"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_worker_has_a_courier_of_its_own_and_the_totals_add_up(fleet: Run, form: str) -> None:
    kind, app, number, args = FORMS[form]
    with fleet(lambda env: serve(kind, app, env=env, args=[f"--workers={number}", *args])) as running:
        marks, workers = running.reach_all(number)
        running.wait_for_copies(marks)
        assert len(set(running.ids())) == len(marks)
        assert set(running.couriers().values()) == workers
        running.wait_for_total({"answered": len(marks)})
        stopped = running.server.stop()
        assert stopped.code in (0, -signal.SIGTERM)
        running.nothing_is_left()
    assert not running.statuses()


def test_a_preloaded_master_starts_nothing_of_ours(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn", WSGI, env=env, args=["--workers=2", "--preload"])) as running:
        assert not running.couriers()
        assert len(os.listdir(f"/proc/{running.server.process.pid}/task")) == 1


def test_copies_that_are_queued_leave_before_sigterm_ends_the_workers(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn", WSGI, env=env, args=["--workers=2"])) as running:
        marks, _ = running.burst(40)  # before the couriers are ready
        running.server.stop(30)
        running.nothing_is_left()
    assert sorted(running.arrived(marks)) == sorted(marks)


def test_nothing_is_left_after_a_quick_end(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn-gthread", WSGI, env=env, args=["--workers=2"])) as running:
        marks, _ = running.reach_all(2)
        running.wait_for_copies(marks)
        running.server.process.send_signal(signal.SIGINT)
        running.server.process.wait(30)
        running.nothing_is_left()


def test_a_killed_worker_takes_its_courier_along_and_the_next_has_one_too(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn", WSGI, env=env, args=["--workers=2"])) as running:
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        victim = min(workers)
        [orphan] = [courier for courier, parent in running.couriers().items() if parent == victim]
        os.kill(victim, signal.SIGKILL)
        running.wait_for_couriers(lambda couriers: orphan not in couriers, "the killed worker's courier ends")
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        assert victim not in workers
        assert set(running.couriers().values()) == workers


def test_a_reload_replaces_workers_and_couriers(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn-gthread", WSGI, env=env, args=["--workers=2"])) as running:
        marks, old = running.reach_all(2)
        running.wait_for_copies(marks)
        old_couriers = set(running.couriers())
        running.server.process.send_signal(signal.SIGHUP)
        running.wait_for_couriers(lambda couriers: not old_couriers & set(couriers), "the old couriers end")
        marks, new = running.reach_all(2)
        running.wait_for_copies(marks)
        assert not old & new
        assert set(running.couriers().values()) == new


def test_workers_that_are_renewed_all_the_time_lose_no_copy(fleet: Run) -> None:
    args = ["--workers=2", "--max-requests=8"]
    with fleet(lambda env: serve("gunicorn", WSGI, env=env, args=args)) as running:
        marks = [running.ask()[0] for _ in range(20)]
        running.wait_for_copies(marks)
        running.wait_for_couriers(lambda couriers: len(couriers) <= 2, "no courier outlives its worker")
