from __future__ import annotations

from collections.abc import Iterator

import pytest

from shadowtap import shield
from shadowtap.guard.counts import counts
from shadowtap.guard.replay import seen


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    """Let each test find the guard as a new process does."""
    for memory in (counts, seen):
        memory.clear()
    shield.forget()
    yield
    shield.forget()
