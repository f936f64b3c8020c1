"""A value that holds up a recogniser, interpreter lock and all, costs its own copy and no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import Primary, copies, fresh, primary, warm_up
from tests.conformance.processes import couriers
from tests.support.shadow import RecordingShadow
from tests.support.waiting import until

HUNG_REGEX = str(Path(__file__).parent / "hung_regex")
HOSTILE = {"note": "evil@shop.example"}


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Return a primary with a recogniser that can be held up."""
    with RecordingShadow() as shadow:
        settings = {
            "targets": [{"name": "main", "url": shadow.url}],
            "timeout": "60s",
            "redact_timeout": "500ms",
            "shutdown_grace": "1s",
        }
        env = {"PYTHONPATH": os.pathsep.join([HUNG_REGEX, os.environ.get("PYTHONPATH", "")])}
        with primary(request.param, tmp_path_factory.mktemp("hostile"), settings, env) as one:
            warm_up(one, "main")
            yield Stage(one, {"main": shadow})


def test_the_hostile_copy_fails_and_those_around_it_are_answered(hostile: Stage) -> None:
    before = couriers(hostile.primary.server)
    ids = [fresh() for _ in range(20)]
    with hostile.primary.counted() as counted:
        for number, mark in enumerate(ids):
            body = HOSTILE if number == 10 else {"note": "fine@shop.example"}
            assert hostile.primary.post_json(f"/echo/main/{mark}", body).status == 200
    assert counted == {"answered": 19, "redaction_failed": 1}
    assert [len(copies(hostile.main, mark)) for mark in ids] == [1] * 10 + [0] + [1] * 9
    assert couriers(hostile.primary.server) == before


def test_a_primary_ends_in_time_while_redaction_hangs(hostile: Stage, tmp_path: Path) -> None:
    with RecordingShadow() as shadow:
        settings = {
            "targets": [{"name": "main", "url": shadow.url}],
            "timeout": "60s",
            "redact_timeout": "600s",
            "shutdown_grace": "1s",
        }
        env = {"PYTHONPATH": os.pathsep.join([HUNG_REGEX, os.environ.get("PYTHONPATH", "")])}
        with primary(hostile.primary.kind, tmp_path, settings, env) as one:
            warm_up(one, "main")
            assert one.post_json("/echo/main/hostile", HOSTILE).status == 200
            assert one.server.stop(10).seconds < 4
            nothing_is_left(one)


def nothing_is_left(one: Primary) -> None:
    until(lambda: not one.server.processes(), 30, "all processes have ended")
