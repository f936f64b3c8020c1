"""A forked child begins with nothing of its parent's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.handover.fake_courier import FakeCourier
from tests.support.servers import environment
from tests.support.waiting import until

PARENT = """
import json, os, sys, threading
from shadowtap.door import assemble
from shadowtap.settings import live
from tests.support.exchanges import exchange

mirror = assemble(live(target="http://127.0.0.1:9", courier=sys.argv[1], shutdown_grace="5s"))
handover = mirror.hand_over.__self__

def state():
    names = [thread.name for thread in threading.enumerate()]
    return {
        "buffer": len(handover._buffer), "ledger": mirror.ledger.received(), "threads": len(names),
        "writer": handover._writer is not None,
    }

def put(number, path):
    for _ in range(number):
        handover.put(exchange(path))
"""
CHILD = """
put(3, b"/parent")
pid = os.fork()
if pid == 0:
    print(json.dumps(state()), flush=True)
    put(2, b"/child")
    sys.exit(0)          # exit handlers run: what is queued leaves
os.waitpid(pid, 0)
put(1, b"/parent")
handover.close()
print(json.dumps({**state(), "outcomes": mirror.ledger.outcomes()}), flush=True)
"""
KILLED_CHILD = """
put(3, b"/parent")
while any(mirror.ledger.pending().values()):
    threading.Event().wait(0.01)
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        os._exit(0)      # as with multiprocessing: no exit handlers
    os.waitpid(pid, 0)
put(1, b"/parent")
handover.close()
print(json.dumps({"outcomes": mirror.ledger.outcomes()}), flush=True)
"""
WHILE_BUSY = """
stop = threading.Event()
def busy():
    while not stop.is_set():
        put(1, b"/parent")
threads = [threading.Thread(target=busy) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(30):      # a fork may find any of our locks held
    pid = os.fork()
    if pid == 0:
        put(1, b"/child")
        received = mirror.ledger.received()
        handover.close()
        account = received, mirror.ledger.pending()
        if account != ({"shadow": 1}, {"shadow": 0}):
            print(json.dumps([*account, mirror.ledger.outcomes()]), flush=True)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    if status:
        print(json.dumps({"status": status}), flush=True)
stop.set()
for thread in threads:
    thread.join()
handover.close()
print(json.dumps({"pending": mirror.ledger.pending()}), flush=True)
"""


def run(script: str, courier: str) -> list[Any]:
    command = [sys.executable, "-c", PARENT + script, courier]
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_child_has_an_empty_buffer_a_ledger_of_its_own_and_no_thread(courier: FakeCourier) -> None:
    child, parent = run(CHILD, courier.address)
    assert child == {"buffer": 0, "ledger": {}, "threads": 1, "writer": False}
    assert parent["ledger"] == {"shadow": 4}
    assert parent["outcomes"] == {"shadow": {"answered": 4}}


def test_parent_and_child_each_have_a_courier_of_their_own(courier: FakeCourier) -> None:
    run(CHILD, courier.address)
    paths = [one.request.path for one in courier.exchanges]
    assert courier.connections == 2
    assert sorted(paths) == [b"/child"] * 2 + [b"/parent"] * 4


def test_children_that_end_at_once_take_nothing_from_the_parent(courier: FakeCourier) -> None:
    [parent] = run(KILLED_CHILD, courier.address)
    assert parent["outcomes"] == {"shadow": {"answered": 4}}
    assert courier.connections == 1


def test_a_fork_in_the_middle_of_everything_works(courier: FakeCourier) -> None:
    assert run(WHILE_BUSY, courier.address) == [{"pending": {"shadow": 0}}]


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes by /proc")
def test_a_child_leaves_the_parents_courier_alone(tmp_path: Path) -> None:
    script = """
import time
put(1, b"/parent")
while handover._writer is None or handover._writer._session is None:
    time.sleep(0.01)
courier = handover._writer._session.child.process.pid
pid = os.fork()
if pid == 0:
    sys.exit(0)
os.waitpid(pid, 0)
print(courier, handover._writer._session.child.process.poll() is None, flush=True)
time.sleep(600)
"""
    command = [sys.executable, "-c", PARENT + script, "child"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        courier, alive = parent.stdout.readline().split()
        assert alive == "True"
        parent.kill()
    until(lambda: not os.path.exists(f"/proc/{courier}"), what="the courier ends with its parent")
