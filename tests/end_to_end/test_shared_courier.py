"""Workers that share a courier, in an image that could not run one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from shadowtap.cli.asking import ask_at
from tests.conformance.processes import command
from tests.courier.shared import SHADOWTAP, shared_courier
from tests.end_to_end.conftest import Run
from tests.end_to_end.fleet import ASGI, WSGI
from tests.support.servers import environment, request, serve
from tests.support.waiting import until

SLIM = str(Path(__file__).parent / "slim")


def counts_at(path: Path) -> dict[str, int]:
    """Return the outcomes that a courier tells for its one target."""
    [counts] = ask_at(path).counts.values()
    return counts


def slim(env: dict[str, str]) -> dict[str, str]:
    """Return these variables, for a process that can import neither Presidio nor an HTTP client."""
    return {**env, "PYTHONPATH": os.pathsep.join([SLIM, environment()["PYTHONPATH"]])}


@pytest.mark.parametrize(("kind", "app"), [("gunicorn", WSGI), ("gunicorn-uvicorn", ASGI)])
def test_workers_without_presidio_share_a_courier(fleet: Run, tmp_path: Path, kind: str, app: str) -> None:
    with shared_courier(tmp_path) as (path, process):
        shared = {"SHADOWTAP_COURIER": f"unix://{path}"}
        with fleet(
            lambda env: serve(kind, app, env=slim({**env, **shared}), args=["--workers=2"])
        ) as running:
            marks, workers = running.reach_all(2)
            running.wait_for_copies(marks)
            request(running.server.address, "POST", "/users", json_body={"email": "jane@doe.example"})
            running.shadow.wait_for(len(marks) + 1, 60)
            assert not [copy for copy in running.shadow.requests if b"jane@doe" in copy.body]
            assert not running.couriers()
            assert ask_at(path).clients == len(workers)
            until(lambda: counts_at(path) == {"answered": len(marks) + 1}, what="the funnel is complete")
            done = subprocess.run(
                [*SHADOWTAP, "status", "--json", "--socket", f"unix://{path}"],
                env=environment(),
                capture_output=True,
                check=True,
            )
            [counts] = json.loads(done.stdout)["counts"].values()
            assert counts == {"answered": len(marks) + 1}
            running.server.stop()
            running.nothing_is_left()
        assert ask_at(path).clients == 0
        assert process.poll() is None


def test_without_its_courier_such_an_image_serves_on(fleet: Run) -> None:
    with fleet(lambda env: serve("gunicorn", WSGI, env=slim(env))) as running:
        marks, _ = running.burst(10)
        running.server.wait_for_output("courier down: ")
        assert "the courier needs presidio-analyzer, httpx" in running.server.output()
        assert not running.arrived(marks)
        assert "Traceback" not in running.server.output()


def test_a_guard_without_presidio_takes_the_copies_of_such_a_primary(tmp_path: Path) -> None:
    key = {"SHADOWTAP_KEY": "a-key-for-the-tests-of-32-bytes!"}
    with (
        shared_courier(tmp_path) as (path, _),
        serve("uvicorn", ASGI, env=slim({**key, "SHADOWTAP_ROLE": "shadow"})) as shadow,
    ):
        primary = {"SHADOWTAP_TARGET": shadow.url, "SHADOWTAP_COURIER": f"unix://{path}", **key}
        with serve("gunicorn", WSGI, env=slim({**primary, "SHADOWTAP_TIMEOUT": "60s"})) as server:
            assert request(server.address, "GET", "/orders").status == 200
            shadow.wait_for_output("served a copy", timeout=60)
            assert "served a copy" not in server.output()


@pytest.mark.parametrize(("kind", "app"), [("gunicorn", WSGI), ("uvicorn", ASGI)])
def test_without_a_target_nothing_of_ours_runs(kind: str, app: str) -> None:
    with serve(kind, app) as server:
        assert request(server.address, "GET", "/").status == 200
        assert not [pid for pid in server.processes() if "shadowtap" in command(pid)]
        assert "shadowtap" not in server.output()
