from __future__ import annotations

import os
import signal
import textwrap
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.fleet import ASGI
from tests.support.servers import ROOT, serve

OWN_APP = textwrap.dedent(
    """
    import os
    import shadowtap

    async def bare(scope, receive, send):
        if scope["type"] == "http":
            body = str(os.getpid()).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})

    app = shadowtap.wrap(bare)
    """
)


@pytest.mark.parametrize("kind", ["uvicorn", "hypercorn"])
def test_each_worker_has_a_courier_of_its_own_and_the_totals_add_up(fleet: Run, kind: str) -> None:
    with fleet(lambda env: serve(kind, ASGI, env=env, args=["--workers=2"])) as running:
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        assert len(set(running.ids())) == len(marks)
        assert set(running.couriers().values()) == workers
        running.wait_for_total({"answered": len(marks)})
        running.server.stop()
        running.nothing_is_left()


def test_a_killed_worker_takes_its_courier_along_and_its_successor_mirrors_on(fleet: Run) -> None:
    with fleet(lambda env: serve("uvicorn", ASGI, env=env, args=["--workers=2"])) as running:
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        victim = min(workers)
        [orphan] = [courier for courier, parent in running.couriers().items() if parent == victim]
        os.kill(victim, signal.SIGKILL)
        running.wait_for_couriers(lambda couriers: orphan not in couriers, "its courier ends")
        marks, workers = running.reach_all(2)
        running.wait_for_copies(marks)
        assert victim not in workers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_copies_that_are_queued_leave_before_the_end(fleet: Run, number: signal.Signals) -> None:
    with fleet(lambda env: serve("uvicorn", ASGI, env=env)) as running:
        marks, _ = running.burst(40)  # before the courier is ready
        running.server.process.send_signal(number)
        running.server.process.wait(30)
        running.nothing_is_left()
    assert sorted(running.arrived(marks)) == sorted(marks)


def test_a_reload_goes_on_with_a_new_courier_and_leaves_none_behind(fleet: Run, tmp_path: Path) -> None:
    (tmp_path / "reloaded.py").write_text(OWN_APP)
    args = ["--reload", "--reload-dir", str(tmp_path), "--app-dir", str(tmp_path)]
    with fleet(lambda env: serve("uvicorn", "reloaded:app", env=env, args=args, cwd=ROOT)) as running:
        first, before = running.burst(5)
        running.wait_for_copies(first)
        [old] = running.couriers()
        (tmp_path / "reloaded.py").write_text(OWN_APP + "# edited\n")
        later = os.stat(tmp_path / "reloaded.py").st_mtime + 2
        os.utime(tmp_path / "reloaded.py", (later, later))
        running.wait_for_couriers(lambda couriers: old not in couriers, "the old courier ends")
        second, after = running.burst(5)
        running.wait_for_copies(second)
        assert not before & after
        assert len(running.couriers()) == 1
        running.server.stop()
        running.nothing_is_left()
