"""What every test gets: a clean environment, a check for what it leaves behind, and services to ask for."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

ON_CI = os.environ.get("CI") == "true"
FOREIGN = ("SHADOWTAP_", "OTEL_")
"""Variables of these prefixes change what is tested, so tests start without them."""

SERVICES = {
    "postgres": ("TEST_POSTGRES_URL", "postgresql://postgres:postgres@127.0.0.1:5432/postgres"),
    "redis": ("TEST_REDIS_URL", "redis://127.0.0.1:6379/0"),
}
"""Where a service is looked for: a variable, and what holds without it."""

settings.register_profile("dev", deadline=None)
# Random on purpose: each run looks at other inputs, and prints how to repeat a failure.
settings.register_profile("ci", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if ON_CI else "dev")


def pytest_configure() -> None:
    for name in foreign_variables():
        del os.environ[name]


@pytest.fixture(scope="session")
def service() -> Callable[[str], str]:
    """Return the URL of a running service by name; without it the test is skipped, or fails on CI."""

    def find(name: str) -> str:
        variable, default = SERVICES[name]
        url = os.environ.get(variable, default)
        place = urlsplit(url)
        try:
            socket.create_connection((place.hostname, place.port), timeout=2).close()
        except OSError as error:
            reason = f"{name} does not answer at {place.hostname}:{place.port}, see {variable}: {error}"
            (pytest.fail if ON_CI else pytest.skip)(reason)
        return url

    return find


@pytest.fixture
def bare_environment() -> dict[str, str]:
    """Return the environment for a process that measures itself: without coverage in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """Fail a test that leaves a thread (other than a daemon), a child process or a variable."""
    threads, children = lasting_threads(), child_processes()
    yield
    deadline = time.monotonic() + 5
    for thread in lasting_threads() - threads:
        thread.join(deadline - time.monotonic())
    while child_processes() - children and time.monotonic() < deadline:
        time.sleep(0.01)
    left = [f"thread {thread.name}" for thread in lasting_threads() - threads]
    left += [f"process {pid}: {command(pid)}" for pid in child_processes() - children]
    left += [f"variable {name}" for name in foreign_variables()]
    end(child_processes() - children)
    assert not left, f"the test left behind: {', '.join(left)}"


def foreign_variables() -> list[str]:
    return [name for name in os.environ if name.startswith(FOREIGN)]


def lasting_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def child_processes() -> set[int]:
    """Return the children of this process, ended ones that nobody waited for included (Linux only)."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread that has ended since
            found.update(map(int, listing.read_text().split()))
    # One per interpreter by design, for as long as the interpreter runs.
    return {pid for pid in found if "multiprocessing.resource_tracker" not in command(pid)}


def command(pid: int) -> str:
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return line.strip() or "ended, but nobody waited for it"
    return "ended"


def end(children: set[int]) -> None:
    for pid in children:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
