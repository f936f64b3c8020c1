"""What an import costs and needs, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REFUSE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused!r}:
            raise ModuleNotFoundError(f"refused: {{name}}", name=name)

sys.meta_path.insert(0, Refuse())
"""
HEAVY = ("presidio_analyzer", "spacy", "phonenumbers", "httpx", "httpx2", "httpx_aiohttp", "aiohttp")
FRAMEWORKS = ("django", "flask", "fastapi")
LIGHT = ["shadowtap", "shadowtap.asgi", "shadowtap.wsgi", "shadowtap.guard"]
DOORS = [*LIGHT, "shadowtap.django"]

FREE = """
import atexit, logging, os, signal, sys, threading

read = []
original = os._Environ.__getitem__
os._Environ.__getitem__ = lambda self, name: (read.append(name), original(self, name))[1]
signals = {number: signal.getsignal(number) for number in signal.valid_signals()}
exits, hooks = atexit._ncallbacks(), (sys.excepthook, sys.unraisablehook, threading.excepthook)
import shadowtap
from shadowtap import is_shadow, mirror, no_mirror, side_effect, wrap
import shadowtap.asgi, shadowtap.wsgi
assert not [name for name in read if name.startswith("SHADOWTAP")], read
assert signals == {number: signal.getsignal(number) for number in signal.valid_signals()}
assert hooks == (sys.excepthook, sys.unraisablehook, threading.excepthook)
assert threading.active_count() == 1
assert not logging.root.handlers
assert not [name for name in logging.root.manager.loggerDict
            if name.startswith("shadowtap") and logging.getLogger(name).handlers]
"""

COST = """
import os, resource, time
import starlette.applications, starlette.middleware.base

def memory():
    with open("/proc/self/statm") as counts:
        return int(counts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

before, start = memory(), time.process_time()
import shadowtap, shadowtap.asgi, shadowtap.wsgi
shadowtap.wrap
print(time.process_time() - start, memory() - before)
"""


def run(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stderr, pytrace=False)
    return done.stdout


@pytest.mark.parametrize("module", DOORS)
def test_a_door_needs_neither_presidio_nor_an_http_client(
    module: str, bare_environment: dict[str, str]
) -> None:
    run(f"{REFUSE.format(refused=HEAVY)}\nimport {module}", bare_environment)


@pytest.mark.parametrize("module", LIGHT)
def test_a_door_needs_no_framework_of_others(module: str, bare_environment: dict[str, str]) -> None:
    run(f"{REFUSE.format(refused=FRAMEWORKS)}\nimport {module}", bare_environment)


@pytest.mark.parametrize("name", ["is_shadow", "mirror", "no_mirror", "side_effect", "wrap"])
def test_a_public_name_needs_neither_presidio_nor_an_http_client(
    name: str, bare_environment: dict[str, str]
) -> None:
    run(f"{REFUSE.format(refused=HEAVY)}\nfrom shadowtap import {name}", bare_environment)


def test_an_import_changes_nothing(bare_environment: dict[str, str]) -> None:
    run(FREE, bare_environment)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory of a process from /proc")
def test_an_import_costs_less_than_60_ms_and_8_mb(bare_environment: dict[str, str], tmp_path: Path) -> None:
    # The first run compiles, as an installation does; it is not the best of them.
    environment = bare_environment | {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    costs = [tuple(map(float, run(COST, environment).split())) for _ in range(6)]
    assert min(seconds for seconds, _ in costs) < 0.060, costs
    assert min(size for _, size in costs) < 8 * 1024 * 1024, costs
