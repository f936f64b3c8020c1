"""A great many requests: nothing grows, everything is accounted for."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shadowtap.door import assemble
from shadowtap.settings import live
from tests.conformance.conftest import Stage, targets_and_rules
from tests.conformance.primary import Primary, fresh, primary, warm_up
from tests.conformance.processes import couriers, resident
from tests.support import faults
from tests.support.exchanges import exchange
from tests.support.servers import ROOT
from tests.support.shadow import Line, RecordingShadow, reply

pytestmark = [pytest.mark.load, pytest.mark.timeout(600)]
MIB = 1024 * 1024
NUMBER = 100_000


def flood(environment: dict[str, str], kind: str, target: str, *more: str) -> Any:
    """Send the requests in a process of their own; return what became of it."""
    command = [sys.executable, "-m", "tests.conformance.flood", kind, target, str(NUMBER), *more]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    found = json.loads(done.stdout)
    [received], [outcomes] = found["received"].values(), found["outcomes"].values()
    assert received == sum(outcomes.values()) == NUMBER
    assert (found["threads"], found["open"]) == (2, 0)
    return found


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_memory_is_flat_over_100_000_requests_faster_than_any_courier(
    kind: str, bare_environment: dict[str, str]
) -> None:
    with RecordingShadow(serve=faults.hang) as hung:
        found = flood(bare_environment, kind, hung.url)
    (web, _), (web_later, courier_later) = found["moments"]
    assert web_later - web < 8 * MIB
    assert courier_later < 320 * MIB


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_memory_is_flat_over_100_000_copies_to_a_dead_shadow(
    kind: str, bare_environment: dict[str, str]
) -> None:
    with faults.refusing_port() as port:
        found = flood(bare_environment, kind, f"http://127.0.0.1:{port}", "4000")
    (web, courier), (web_later, courier_later) = found["moments"]
    [outcomes] = found["outcomes"].values()
    assert web_later - web < 8 * MIB
    assert courier_later - courier < 8 * MIB
    assert "queue_full" not in outcomes


def slow_to_read(line: Line) -> None:
    """Take each request by the byte, now and then."""
    while True:
        line.pause(0.002)
        if not line._sock.recv(1):
            return


def slow_to_begin(line: Line) -> None:
    while line.read_request() is not None:
        line.pause(0.5)
        line.send(reply())


def slow_to_end(line: Line) -> None:
    """Send 150 KiB, one KiB every ten milliseconds."""
    while line.read_request() is not None:
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 153600\r\n\r\n")
        for _ in range(150):
            line.pause(0.01)
            line.send(b"x" * 1024)


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_500_requests_meet_each_kind_of_slow_shadow(kind: str, tmp_path: Path) -> None:
    shadows = {
        "reading": RecordingShadow(serve=slow_to_read),
        "beginning": RecordingShadow(serve=slow_to_begin),
        "ending": RecordingShadow(serve=slow_to_end),
        "fine": RecordingShadow(),
    }
    with (
        faults.deaf_port() as deaf,
        shadows["reading"],
        shadows["beginning"],
        shadows["ending"],
        shadows["fine"],
    ):
        settings = {
            **targets_and_rules(shadows, accepting=f"http://127.0.0.1:{deaf}"),
            "timeout": "1s",
            "breaker_failures": 1_000_000,
        }
        with primary(kind, tmp_path, settings) as one:
            warm_up(one, "fine")
            for name in ("reading", "beginning", "ending", "accepting"):
                meet(one, name, 500)
            [courier] = couriers(one.server)
            assert resident(courier) < 300 * MIB
            assert one.ask("process")["threads"] < 20
            with one.counted("fine") as counted:
                assert one.get(f"/echo/fine/{fresh()}").status == 200
            assert counted == {"answered": 1}


def meet(one: Primary, name: str, number: int) -> None:
    """Send requests whose copies go to a slow shadow; all are served, and none waits for it."""
    with one.counted(name) as counted, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: one.get(f"/echo/{name}/{fresh()}"), range(number)))
    assert {(reply.status, reply.header("X-Primary")) for reply in replies} == {(200, "v1")}
    assert sorted(reply.seconds for reply in replies)[number // 2] < 0.5
    assert sum(counted.values()) == number


@pytest.mark.parametrize(("path", "share"), [("fifth", 0.20), ("odd", 0.35), ("half", 0.5)])
def test_shares_of_2000_requests_lie_within_three_standard_deviations(
    stage: Stage, path: str, share: float
) -> None:
    number = 2000
    with stage.primary.counted() as counted, ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: stage.primary.get(f"/echo/{path}/{fresh()}"), range(number)))
    sampled = number - counted["not_sampled"]
    assert abs(sampled - number * share) <= 3 * math.sqrt(number * share * (1 - share))


def test_threads_that_race_for_everything_lose_nothing(tmp_path: Path) -> None:
    with RecordingShadow() as shadow:
        target = {"name": "shadow", "url": shadow.url}
        mirror = assemble(live(environ={}, targets=[target], timeout="60s", shutdown_grace="60s"))

        def put() -> None:
            for _ in range(2000):
                mirror.hand_over(exchange(b"/orders"))

        threads = [threading.Thread(target=put) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        mirror.on_shutdown()
        outcomes = mirror.ledger.outcomes()["shadow"]
        assert mirror.ledger.received() == {"shadow": 16_000}
        assert sum(outcomes.values()) == 16_000
        assert outcomes["answered"] == len({copy.header("X-Shadow-Id") for copy in shadow.requests})
