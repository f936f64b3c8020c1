"""The end of a primary: queued copies leave or are given up, and it never takes longer than it may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.primary import Primary, copies, fresh, primary
from tests.support import faults
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

KINDS = pytest.mark.parametrize("kind", ["wsgi", "asgi"])
BODY = {"sku": "TEA-050", "unit": "g", "comment": [" " * 1000] * 60}


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running:
        yield running


def settings_for(shadow: RecordingShadow, grace: str) -> dict[str, Any]:
    return {"targets": [{"name": "main", "url": shadow.url}], "timeout": "60s", "shutdown_grace": grace}


def nothing_is_left(primary: Primary) -> None:
    until(lambda: not primary.server.processes(), 60, "all processes have ended")


@KINDS
def test_copies_that_are_queued_at_sigterm_still_leave(
    kind: str, shadow: RecordingShadow, tmp_path: Path
) -> None:
    ids = [fresh() for _ in range(60)]
    with primary(kind, tmp_path, settings_for(shadow, "20s")) as one:
        for mark in ids:  # far more than fits between the processes, before the courier is ready
            assert one.post_json(f"/echo/{mark}", BODY).status == 200
        stopped = one.server.stop(30)
        nothing_is_left(one)
    assert stopped.seconds < 22
    assert [len(copies(shadow, mark)) for mark in ids] == [1] * len(ids)


@KINDS
def test_a_hung_shadow_does_not_keep_the_primary_from_ending(kind: str, tmp_path: Path) -> None:
    with (
        RecordingShadow(serve=faults.hang) as hung,
        primary(kind, tmp_path, settings_for(hung, "1s")) as one,
    ):
        for _ in range(50):
            assert one.get(f"/echo/{fresh()}").status == 200
        hung.wait_for(1, timeout=30)
        stopped = one.server.stop(10)
        assert stopped.seconds < 4
        nothing_is_left(one)
