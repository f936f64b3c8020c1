"""Servers with a shadow to mirror to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.end_to_end.fleet import Fleet
from tests.support.servers import Server
from tests.support.shadow import RecordingShadow

Start = Callable[[dict[str, str]], AbstractContextManager[Server]]
Run = Callable[[Start], AbstractContextManager[Fleet]]


@pytest.fixture
def fleet() -> Run:
    """Return a function that runs what ``start`` starts, given the variables that make it a primary."""

    @contextmanager
    def run(start: Start) -> Iterator[Fleet]:
        # Short, since the path of a socket has 107 bytes at most, and a test's own folder nearly as many.
        with TemporaryDirectory(prefix="run") as folder, RecordingShadow() as shadow:
            runtime = Path(folder)
            env = {
                "SHADOWTAP_TARGET": shadow.url,
                "SHADOWTAP_TIMEOUT": "60s",
                "SHADOWTAP_SHUTDOWN_GRACE": "20s",
                "SHADOWTAP_COURIER_PRIORITY": "normal",
                "XDG_RUNTIME_DIR": str(runtime),
            }
            with start(env) as server:
                yield Fleet(server, shadow, runtime)

    return run
