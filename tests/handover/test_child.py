from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shadowtap.cli.asking import ask
from shadowtap.exceptions import CourierError
from shadowtap.handover import child as child_module
from shadowtap.handover.child import Child, environment, interpreter
from tests.support.waiting import until

STARTER = """
import os, sys, time
from shadowtap.handover.child import Child
from shadowtap import wire
child = Child()
child.link.queue(wire.StatusQuery())
while not child.link.turn(0.1) and child.link.alive:
    pass
print(child.process.pid, flush=True)
"""


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def child():
    one = Child()
    yield one
    one.link.close()
    if not one.wait(10):
        one.kill()


def test_a_child_answers_on_its_socket(child: Child) -> None:
    with socket.socket(fileno=os.dup(child.link.fileno())) as sock:
        assert ask(sock).pid == child.process.pid


def test_a_child_ends_when_its_parent_closes_the_socket(child: Child) -> None:
    child.link.close()
    assert child.wait(20)
    assert child.process.returncode == 0


def test_a_child_has_a_lower_priority_than_its_parent(child: Child) -> None:
    with socket.socket(fileno=os.dup(child.link.fileno())) as sock:
        ask(sock)
    nice = os.getpriority(os.PRIO_PROCESS, child.process.pid)
    assert nice > os.getpriority(os.PRIO_PROCESS, 0)
    assert os.sched_getscheduler(child.process.pid) == os.SCHED_IDLE


def test_a_ctrl_c_in_the_terminal_does_not_reach_the_child(child: Child) -> None:
    assert os.getpgid(child.process.pid) != os.getpgid(0)
    assert os.getsid(child.process.pid) == os.getsid(0)
    with socket.socket(fileno=os.dup(child.link.fileno())) as sock:
        ask(sock)
        os.kill(child.process.pid, signal.SIGINT)
        assert ask(sock).pid == child.process.pid


def test_a_child_ends_when_its_parent_is_killed() -> None:
    script = STARTER + "time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    until(lambda: not running(pid), what="the orphan ends")


def test_a_child_ends_even_if_a_process_that_its_parent_forked_holds_the_socket() -> None:
    script = STARTER + "pid = os.fork()\nprint(pid, flush=True)\ntime.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        lines = [int(parent.stdout.readline()) for _ in range(3)]  # courier, 0 or pid, pid or 0
        courier, forked = lines[0], max(lines[1:])
        parent.kill()
    until(lambda: not running(courier), what="the orphan ends")
    os.kill(forked, signal.SIGKILL)


@pytest.mark.parametrize("main", ["-", "module", "notebook"])
def test_a_child_starts_whatever_main_is_and_does_not_import_it(main: str, tmp_path: Path) -> None:
    marker = tmp_path / "imported"
    script = f"open({str(marker)!r}, 'a').write('x')\n" + STARTER
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)])}
    if main == "module":
        (tmp_path / "theapp.py").write_text(script)
        command, text = [sys.executable, "-m", "theapp"], None
    elif main == "notebook":
        cell = f"import sys\nimport __main__\ndel __main__.__builtins__\n{script}"
        command, text = [sys.executable, "-i", "-q", "-c", cell], ""
    else:
        command, text = [sys.executable, "-"], script
    run = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        env=environ,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert int(run.stdout.split()[0]) > 0, run.stderr
    assert marker.read_text() == "x"


def test_a_module_in_the_apps_folder_does_not_hide_one_of_the_couriers(tmp_path: Path) -> None:
    for name in ("asyncio", "msgspec", "httpx", "signal"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the app was imported')")
    script = STARTER.replace("child = Child()", f"os.chdir({str(tmp_path)!r})\nchild = Child()")
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert int(run.stdout) > 0, run.stderr


def test_settings_and_secrets_are_not_in_the_childs_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHADOWTAP_KEY", "0123456789abcdef0123456789abcdef")
    assert not [name for name in environment() if name.startswith("SHADOWTAP_")]


def test_an_embedders_executable_is_not_taken_for_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/uwsgi")
    assert "python" in Path(interpreter()).name


def test_the_python_of_the_virtual_environment_is_taken_and_not_that_it_was_made_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", sys._base_executable)  # type: ignore[attr-defined]
    assert Path(interpreter()).parent == Path(sys.prefix, "bin")


def test_no_interpreter_at_all_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "uwsgi"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(child_module.shutil, "which", lambda _name: None)
    with pytest.raises(CourierError, match="use a shared courier"):
        interpreter()
