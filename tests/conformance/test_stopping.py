"""What an operator changes while copies are queued: the switch, the end time, the share, the targets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import Primary, copies, fresh, primary, the_copy
from tests.support.shadow import Line, RecordingShadow, reply
from tests.support.waiting import until

QUEUED = 120
"""Requests whose copies take twelve seconds to leave."""


def answer_slowly(line: Line) -> None:
    """Take a tenth of a second for each answer."""
    while line.read_request() is not None:
        line.pause(0.1)
        line.send(reply())


def settings_for(shadow: RecordingShadow, **more: Any) -> dict[str, Any]:
    """Return settings under which ten copies per second leave for a slow shadow."""
    target = {"name": "main", "url": shadow.url}
    return {"targets": [target], "timeout": "60s", "connections": 1, "shutdown_grace": "1s", **more}


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def queueing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with RecordingShadow(serve=answer_slowly) as slow, RecordingShadow() as other:
        folder = tmp_path_factory.mktemp("stopping")
        with primary(request.param, folder, settings_for(slow, courier_priority="normal")) as one:
            mark = fresh()
            one.get(f"/echo/{mark}")
            the_copy(slow, mark)
            yield Stage(one, {"main": slow, "other": other})


def fill(stage: Stage) -> list[str]:
    """Fill the queue; return the ids of the requests once the first copies have left."""
    ids = [fresh() for _ in range(QUEUED)]
    for one in ids:
        assert stage.primary.get(f"/echo/{one}").status == 200
    until(lambda: sum(len(copies(stage.main, one)) for one in ids) >= 5, what="the first copies leave")
    return ids


def left_after(stage: Stage, ids: list[str], moment: float) -> list[float]:
    """Return how many seconds after a moment copies have arrived."""
    return [copy.time - moment for one in ids for copy in copies(stage.main, one) if copy.time > moment]


def arrived(stage: Stage, ids: list[str]) -> int:
    return sum(len(copies(stage.main, one)) for one in ids)


def test_the_switch_stops_queued_copies_within_a_second(queueing: Stage) -> None:
    on = settings_for(queueing.main)
    queueing.primary.configure(on)
    with queueing.primary.counted() as counted:
        ids = fill(queueing)
        switched = queueing.primary.configure({**on, "enabled": False})
    assert max(left_after(queueing, ids, switched), default=0) < 1
    assert counted == {"answered": arrived(queueing, ids), "paused": QUEUED - arrived(queueing, ids)}
    assert counted["paused"] > QUEUED / 2


def test_nothing_is_copied_while_it_is_off_and_all_is_when_it_is_on_again(queueing: Stage) -> None:
    on = settings_for(queueing.main)
    before, after = fresh(), fresh()
    queueing.primary.configure({**on, "enabled": False})
    with queueing.primary.counted() as counted:
        assert queueing.primary.get(f"/echo/{before}").status == 200
    assert counted == {"paused": 1}
    queueing.primary.configure(on)
    queueing.primary.get(f"/echo/{after}")
    the_copy(queueing.main, after)
    assert not copies(queueing.main, before)


def test_no_queued_copy_leaves_after_the_end_time(queueing: Stage) -> None:
    end = datetime.now(UTC) + timedelta(seconds=3)
    moment = time.monotonic() + 3
    queueing.primary.configure(settings_for(queueing.main, until=end.isoformat()))
    with queueing.primary.counted() as counted:
        ids = fill(queueing)
        assert time.monotonic() < moment, "the machine was too slow to fill the queue in time"
    assert max(left_after(queueing, ids, moment), default=0) < 1
    assert counted == {"answered": arrived(queueing, ids), "expired": QUEUED - arrived(queueing, ids)}
    assert counted["expired"] > QUEUED / 2
    with queueing.primary.counted() as counted:
        queueing.primary.get(f"/echo/{fresh()}")
    assert counted == {"expired": 1}


def test_a_change_of_the_share_takes_effect_and_the_account_explains_the_rest(queueing: Stage) -> None:
    on = settings_for(queueing.main)
    with queueing.primary.counted() as counted:
        for percent in (0, 50):
            queueing.primary.configure({**on, "percent": percent})
            for _ in range(10):
                queueing.primary.get(f"/echo/{fresh()}")
    assert counted == {"answered": 5, "not_sampled": 15}


def test_a_target_that_is_taken_away_gets_nothing_more_of_what_is_queued(queueing: Stage) -> None:
    on = settings_for(queueing.main)
    queueing.primary.configure(on)
    with queueing.primary.counted() as counted:
        ids = fill(queueing)
        moved = {**on, "targets": [{"name": "other", "url": queueing.shadows["other"].url}]}
        taken_away = queueing.primary.configure(moved)
        later = fresh()
        queueing.primary.get(f"/echo/{later}")
        the_copy(queueing.shadows["other"], later)
    assert max(left_after(queueing, ids, taken_away), default=0) < 1
    assert counted == {"answered": arrived(queueing, ids), "paused": QUEUED - arrived(queueing, ids)}
    assert not copies(queueing.main, later)


def test_a_file_that_is_edited_badly_or_gone_changes_nothing(queueing: Stage) -> None:
    primary: Primary = queueing.primary
    primary.configure(settings_for(queueing.main))
    logged = primary.server.output().count("last good settings stay in force")
    for edit in ("percent = 101\n", None):
        mark = fresh()
        primary.spoil(edit)
        logged += 1
        primary.server.wait_for_output("last good settings stay in force", times=logged)
        assert primary.get(f"/echo/{mark}").status == 200
        the_copy(queueing.main, mark)
