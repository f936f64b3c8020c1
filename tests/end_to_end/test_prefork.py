"""Servers with several worker processes: each has a courier of its own, and nothing is left running."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.servers import ROOT, Server, request, serve, uwsgi
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

WSGI = "tests.end_to_end.echo:wsgi"
ASGI = "tests.end_to_end.echo:asgi"
REQUESTS = 40

SERVERS = {
    "gunicorn sync, preloaded": ("gunicorn", WSGI, ["--workers", "3", "--preload"]),
    "gunicorn threads": ("gunicorn-gthread", WSGI, ["--workers", "2", "--threads", "4"]),
    "gunicorn uvicorn workers": ("gunicorn-uvicorn", ASGI, ["--workers", "2"]),
    "uvicorn workers": ("uvicorn", ASGI, ["--workers", "2"]),
    "hypercorn workers": ("hypercorn", ASGI, ["--workers", "2"]),
    "uwsgi forked": ("uwsgi", WSGI, ["--processes", "2", "--master", "--enable-threads"]),
    "uwsgi lazy": ("uwsgi", WSGI, ["--processes", "2", "--master", "--enable-threads", "--lazy-apps"]),
}


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running:
        yield running


def settings(shadow: RecordingShadow, folder: Path) -> dict[str, str]:
    return {
        "SHADOWTAP_TARGET": shadow.url,
        "SHADOWTAP_TIMEOUT": "60s",
        "SHADOWTAP_COURIER_PRIORITY": "normal",
        "SHADOWTAP_SHUTDOWN_GRACE": "20s",
        "XDG_RUNTIME_DIR": str(folder),
    }


def ask(server: Server, number: int) -> int:
    """Send a request and return the process that served it."""
    answer = request(server.address, "POST", f"/{number}", json_body={"n": number})
    assert answer.status == 200
    return int(answer.body)


def couriers(server: Server) -> list[int]:
    def is_courier(pid: int) -> bool:
        try:
            return b"shadowtap.courier" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    return [pid for pid in server.processes() if is_courier(pid)]


def everything_has_ended(server: Server) -> None:
    until(lambda: not server.processes(), what=f"all processes end, left: {server.processes()}")


@pytest.mark.parametrize("name", SERVERS)
def test_each_copy_of_each_worker_arrives_once_and_nothing_is_left(
    name: str, shadow: RecordingShadow, tmp_path: Path
) -> None:
    kind, app, args = SERVERS[name]
    if kind == "uwsgi" and uwsgi() is None:
        pytest.skip("uWSGI is not installed")
    with serve(kind, app, env=settings(shadow, tmp_path), args=args) as server:
        workers = {ask(server, number) for number in range(REQUESTS)}
        recorded = shadow.wait_for(REQUESTS, 90)
        assert sorted(r.target for r in recorded) == sorted(b"/%d" % n for n in range(REQUESTS))
        assert len(couriers(server)) == len(workers)
        server.stop(40)
        everything_has_ended(server)


def test_a_preloaded_master_starts_nothing_of_ours(shadow: RecordingShadow, tmp_path: Path) -> None:
    args = ["--workers", "2", "--preload"]
    with serve("gunicorn", WSGI, env=settings(shadow, tmp_path), args=args) as server:
        assert couriers(server) == []
        threads = len(os.listdir(f"/proc/{server.process.pid}/task"))
        assert threads == 1
        server.stop()


@pytest.mark.parametrize("name", ["gunicorn sync, preloaded", "uvicorn workers"])
def test_a_killed_worker_takes_its_courier_along_and_its_successor_mirrors_on(
    name: str, shadow: RecordingShadow, tmp_path: Path
) -> None:
    kind, app, args = SERVERS[name]
    with serve(kind, app, env=settings(shadow, tmp_path), args=args) as server:
        killed = ask(server, 0)
        shadow.wait_for(1, 90)
        (courier,) = couriers(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: courier not in server.processes(), what="the courier of the killed worker ends")
        until(lambda: served(server) != killed, what="another worker serves")
        ask(server, 1)
        until(lambda: any(r.target == b"/1" for r in shadow.requests), 90, "the next copy arrives")
        server.stop(40)
        everything_has_ended(server)


def served(server: Server) -> int:
    try:
        return ask(server, 99)
    except OSError:
        return 0


def test_a_reload_of_gunicorn_starts_couriers_anew(shadow: RecordingShadow, tmp_path: Path) -> None:
    with serve("gunicorn", WSGI, env=settings(shadow, tmp_path), args=["--workers", "1"]) as server:
        first = ask(server, 0)
        shadow.wait_for(1, 90)
        old = couriers(server)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: served(server) not in (0, first), what="a new worker serves")
        until(lambda: not set(old) & set(couriers(server)), what="the old courier has ended")
        before = len(shadow.requests)
        ask(server, 1)
        until(lambda: len(shadow.requests) > before, 90, "the new worker's copy arrives")
        server.stop(40)
        everything_has_ended(server)


def test_uvicorn_reload_leaves_no_courier_behind(shadow: RecordingShadow, tmp_path: Path) -> None:
    app = tmp_path / "reloaded.py"
    shutil.copy(ROOT / "tests" / "end_to_end" / "echo.py", app)
    args: Sequence[str] = ["--reload", "--reload-dir", str(tmp_path)]
    with serve("uvicorn", "reloaded:asgi", env=settings(shadow, tmp_path), args=args, cwd=tmp_path) as server:
        first = ask(server, 0)
        shadow.wait_for(1, 90)
        old = couriers(server)
        assert len(old) == 1
        app.write_text(app.read_text() + "\n# changed\n")
        until(lambda: served(server) not in (0, first), what="the reloaded app serves")
        until(lambda: not set(old) & set(couriers(server)), what="the old courier has ended")
        server.stop(40)
        everything_has_ended(server)
