"""Servers with a shadow to mirror to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.fleet import Fleet
from tests.support.servers import Server
from tests.support.shadow import RecordingShadow

Start = Callable[[dict[str, str]], AbstractContextManager[Server]]
Run = Callable[[Start], AbstractContextManager[Fleet]]


@pytest.fixture
def fleet(tmp_path: Path) -> Run:
    """Return a function that runs what ``start`` starts, given the variables that make it a primary."""

    @contextmanager
    def run(start: Start) -> Iterator[Fleet]:
        runtime = tmp_path / "runtime"
        runtime.mkdir()
        with RecordingShadow() as shadow:
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
