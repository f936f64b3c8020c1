"""A shadow that takes its time: the client does not wait for it, and the copy ends at its time limit."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.conformance.conftest import HUNG_DNS, Stage, targets_and_rules
from tests.conformance.primary import added, copies, fresh, primary, send, the_copy, warm_up
from tests.support import faults
from tests.support.shadow import Line, Recorded, RecordingShadow, reply
from tests.support.waiting import until

TIMEOUT = 2.0
SLOW = [
    "hang",
    "read_nothing",
    "slow_drip",
    "slow_head",
    "hung_tls",
    "deaf",
    "hung_dns",
]
HUNG = ["one_by_one", "first_of_two", "crowd"]
"""Shadows that hang, each for one test, as a breaker remembers."""

BODY = {"sku": "TEA-050", "lines": ["one more line of the order"] * 4000}
"""More than the kernel takes for a shadow that does not read."""


def answer_late(line: Line) -> None:
    """Take a third of a second for each answer."""
    while line.read_request() is not None:
        line.pause(0.3)
        line.send(reply(202))


class Mended:
    """A shadow's answers: garbage until it is mended."""

    def __init__(self) -> None:
        self.works = False

    def __call__(self, request: Recorded) -> bytes:
        return reply() if self.works else b"garbage\r\n\r\n"


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def slow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    shadows = {
        name: RecordingShadow(serve=getattr(faults, name), receive_buffer=4096)
        for name in SLOW
        if hasattr(faults, name)
    }
    shadows |= {name: RecordingShadow(serve=faults.hang) for name in HUNG}
    shadows |= {
        "hung_tls": RecordingShadow(serve=faults.read_nothing),
        "late": RecordingShadow(serve=answer_late),
        "fine": RecordingShadow(),
        "mended": RecordingShadow(Mended()),
    }
    with ExitStack() as stack:
        for shadow in shadows.values():
            stack.enter_context(shadow)
        settings: dict[str, Any] = {
            **targets_and_rules(
                shadows,
                hung_tls=shadows["hung_tls"].url.replace("http:", "https:"),
                deaf=f"http://127.0.0.1:{stack.enter_context(faults.deaf_port())}",
                hung_dns="http://shadow.hangs.test",
            ),
            "timeout": f"{TIMEOUT}s",
            "breaker_cooldown": "200ms",
            "shutdown_grace": "1s",
        }
        settings["rules"].insert(0, {"path": "/echo/paired/**", "targets": ["first_of_two", "fine"]})
        env = {"PYTHONPATH": os.pathsep.join([HUNG_DNS, os.environ.get("PYTHONPATH", "")])}
        folder = tmp_path_factory.mktemp("slow")
        one = stack.enter_context(primary(request.param, folder, settings, env))
        warm_up(one, "fine")
        yield Stage(one, shadows)


@pytest.fixture(scope="module")
def ended(slow: Stage) -> dict[str, dict[str, int]]:
    """Send a GET and a POST to each slow shadow, at once, and return how the copies ended."""
    before = slow.primary.settle()
    replies = []
    for name in SLOW:
        replies += [
            slow.primary.get(f"/echo/{name}/{fresh()}"),
            slow.primary.post_json(f"/echo/{name}/{fresh()}", BODY),
        ]
    assert [reply.status for reply in replies] == [200] * len(replies)
    assert max(reply.seconds for reply in replies) < 1
    after = slow.primary.settle()
    return {name: added(before.get(name, {}), after[name]) for name in SLOW}


@pytest.mark.parametrize("name", SLOW)
def test_a_copy_to_a_slow_shadow_ends_at_the_time_limit(ended: dict[str, dict[str, int]], name: str) -> None:
    assert {outcome: number for outcome, number in ended[name].items() if outcome != "excluded"} == {
        "timeout": 2
    }


def test_connections_to_slow_shadows_are_closed_at_the_time_limit(
    slow: Stage, ended: dict[str, dict[str, int]]
) -> None:
    for name in ("hang", "slow_drip", "slow_head"):
        assert slow.shadows[name].connections
        slow.shadows[name].wait_until_closed()


def test_requests_on_one_connection_do_not_wait_for_a_hung_shadow(slow: Stage) -> None:
    connection = http.client.HTTPConnection(*slow.primary.address)
    replies = [
        send(slow.primary.address, "GET", f"/echo/one_by_one/{fresh()}", connection=connection)
        for _ in range(3)
    ]
    connection.close()
    assert max(reply.seconds for reply in replies) < 0.5


def test_the_second_target_gets_its_copy_while_the_first_hangs(slow: Stage, mark: str) -> None:
    start = time.monotonic()
    slow.primary.get(f"/echo/paired/{mark}")
    assert the_copy(slow.shadows["fine"], mark).time - start < TIMEOUT / 2


def test_a_crowd_of_clients_is_served_while_the_shadow_hangs(slow: Stage) -> None:
    def ask(number: int) -> int:
        time.sleep(number / 100)
        return slow.primary.get(f"/echo/crowd/{fresh()}").status

    with slow.primary.counted("crowd") as counted, ThreadPoolExecutor(60) as pool:
        assert list(pool.map(ask, range(60))) == [200] * 60
    assert counted.keys() <= {"timeout", "breaker_open"}
    assert sum(counted.values()) == 60


def test_clients_never_see_the_answers_of_a_slow_shadow(slow: Stage) -> None:
    with slow.primary.counted("late") as counted, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: slow.primary.get(f"/echo/late/{fresh()}"), range(24)))
    assert [(reply.status, reply.header("X-Primary")) for reply in replies] == [(200, "v1")] * 24
    assert max(reply.seconds for reply in replies) < 1
    assert counted == {"answered": 24}


def test_a_shadow_that_fails_is_left_alone_until_it_works_again(slow: Stage) -> None:
    mended = slow.shadows["mended"]
    with slow.primary.counted("mended") as counted:
        for _ in range(30):
            slow.primary.get(f"/echo/mended/{fresh()}")
    assert counted["protocol_error"] + counted["breaker_open"] == 30
    assert len(mended.requests) == counted["protocol_error"] < 30
    mended.answer.works = True  # type: ignore[attr-defined]

    def arrives() -> bool:
        one = fresh()
        slow.primary.get(f"/echo/mended/{one}")
        slow.primary.settle()
        return bool(copies(mended, one))

    until(arrives, 30, "the breaker closes")
    with slow.primary.counted("mended") as counted:
        for _ in range(5):
            slow.primary.get(f"/echo/mended/{fresh()}")
    assert counted == {"answered": 5}
