"""One courier for several web processes, in an image of its own."""

from __future__ import annotations

import json
import os
import socket as socket_module
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import environment, request, serve
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

WITHOUT_PRESIDIO = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("presidio_analyzer", "spacy", "httpx", "aiohttp", "phonenumbers"):
            raise ModuleNotFoundError(f"{name} is not in this image", name=name)

sys.meta_path.insert(0, Refuse())
"""


@contextmanager
def shared(path: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "shadowtap",
        "courier",
        "--listen",
        f"unix://{path}",
        "--priority",
        "normal",
    ]
    process = subprocess.Popen(
        command, env=environment(variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until(lambda: listens(path), what="the courier listens")
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def listens(path: Path) -> bool:
    with socket_module.socket(socket_module.AF_UNIX) as sock:
        return sock.connect_ex(str(path)) == 0


def status(path: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "shadowtap", "status", "--json", "--socket", f"unix://{path}"]
    run = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, object] = json.loads(run.stdout)
    return found


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running:
        yield running


def test_workers_share_one_courier_and_need_no_presidio_themselves(
    shadow: RecordingShadow, tmp_path: Path
) -> None:
    socket = tmp_path / "courier.sock"
    image = tmp_path / "image"
    image.mkdir()
    (image / "sitecustomize.py").write_text(WITHOUT_PRESIDIO)
    env = {
        "SHADOWTAP_TARGET": shadow.url,
        "SHADOWTAP_COURIER": f"unix://{socket}",
        "SHADOWTAP_TIMEOUT": "60s",
        "PYTHONPATH": os.pathsep.join([str(image), environment()["PYTHONPATH"]]),
    }
    with shared(socket):
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        args = ["--workers", "2"]
        with serve("gunicorn", "tests.end_to_end.echo:wsgi", env=env, args=args) as server:
            for number in range(20):
                request(server.address, "POST", f"/{number}", json_body={"email": "jane@doe.example"})
            recorded = shadow.wait_for(20, 90)
            assert not [r for r in recorded if b"jane@doe" in r.body]
            until(lambda: sum(answered(socket)) == 20, what="all 20 are in the funnel")
            server.stop(40)
            until(lambda: status(socket)["clients"] == 0, what="the web processes have left")
            assert sum(answered(socket)) == 20
    assert not socket.exists()


def answered(path: Path) -> list[int]:
    counts: dict[str, dict[str, int]] = status(path)["counts"]  # type: ignore[assignment]
    return [outcomes.get("answered", 0) for outcomes in counts.values()]


def test_a_courier_that_comes_later_is_found(shadow: RecordingShadow, tmp_path: Path) -> None:
    socket = tmp_path / "courier.sock"
    env = {
        "SHADOWTAP_TARGET": shadow.url,
        "SHADOWTAP_COURIER": f"unix://{socket}",
        "SHADOWTAP_TIMEOUT": "60s",
    }
    with serve("gunicorn", "tests.end_to_end.echo:wsgi", env=env) as server:
        assert request(server.address, "GET", "/0").status == 200
        server.wait_for_output("no courier at")
        with shared(socket):

            def arrived() -> bool:
                request(server.address, "GET", "/again")
                return bool(shadow.requests)

            until(arrived, 90, "a copy arrives once there is a courier")
            server.stop(40)


def test_a_second_courier_at_the_same_socket_refuses_to_start(tmp_path: Path) -> None:
    socket = tmp_path / "courier.sock"
    with shared(socket):
        command = [sys.executable, "-m", "shadowtap", "courier", "--listen", f"unix://{socket}"]
        run = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert run.returncode == 1
        assert "a courier listens there already" in run.stderr
        assert socket.exists()


def test_a_dead_socket_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    socket = tmp_path / "courier.sock"
    with shared(socket) as process:
        process.kill()
        process.wait()
    assert socket.exists()
    with shared(socket):
        until(lambda: status(socket)["clients"] == 0, what="the new courier answers")
    file = tmp_path / "file"
    file.write_text("precious")
    command = [sys.executable, "-m", "shadowtap", "courier", "--listen", f"unix://{file}"]
    run = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert "is not a socket" in run.stderr
    assert file.read_text() == "precious"


def test_a_courier_without_its_dependencies_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        WITHOUT_PRESIDIO.replace(
            'raise ModuleNotFoundError(f"{name} is not in this image", name=name)', "pass"
        )
        + "import importlib.util\nfound = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda n, p=None: None if n == 'presidio_analyzer' else found(n, p)\n"
    )
    path = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    command = [sys.executable, "-m", "shadowtap", "courier", "--listen", f"unix://{tmp_path}/c.sock"]
    run = subprocess.run(
        command,
        env=environment({"PYTHONPATH": path}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 78
    assert "pip install presidio-analyzer" in run.stderr
