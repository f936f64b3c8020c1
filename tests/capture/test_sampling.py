"""Shares: exact, nested, sticky, the same for each target, and out of step with the traffic."""

from __future__ import annotations

import math
import random
import threading
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.capture.sampling import Positions, key_finder, sticky_position
from shadowtap.outcome import Outcome
from shadowtap.settings import Target
from tests.capture.conftest import Protocol
from tests.support.calling import asgi_scope, wsgi_environ
from tests.support.collecting import Collected


def drawn(number: int) -> list[float]:
    positions = Positions()
    return [positions.draw() for _ in range(number)]


@pytest.mark.parametrize(
    ("percent", "number", "copied"),
    [
        (10, 10, 1),
        (50, 10, 5),
        (10, 100, 10),
        (50, 100, 50),
        (1, 100, 1),
        (12.3, 1000, 123),
        (0.1, 1000, 1),
        (0, 1000, 0),
        (100, 1000, 1000),
        (99.9, 1000, 999),
        (33, 100, 33),
    ],
)
def test_a_share_is_exact(
    protocol: Protocol, collected: Collected, percent: float, number: int, copied: int
) -> None:
    mirrored = protocol.mirrored(percent=percent)
    for _ in range(number):
        mirrored()
    assert len(collected.exchanges) == copied
    assert collected.outcomes().get(Outcome.NOT_SAMPLED, 0) == number - copied


@given(tenths=st.integers(0, 1000))
def test_any_share_in_tenths_is_exact_in_each_thousand(tenths: int) -> None:
    positions = Positions()
    for _ in range(3):
        assert sum(positions.draw() < tenths / 10 for _ in range(1000)) == tenths


@given(percent=st.floats(0, 100), number=st.integers(1, 3000))
def test_a_share_is_never_far_from_exact(percent: float, number: int) -> None:
    # Each digit of the number can be off by one block that is not yet full.
    off = sum(position < percent for position in drawn(number)) - number * percent / 100
    assert abs(off) <= 2 + math.log10(number) * 2


@given(low=st.floats(0, 100), high=st.floats(0, 100))
def test_the_members_of_a_share_are_among_those_of_any_larger_one(low: float, high: float) -> None:
    low, high = sorted((low, high))
    positions = drawn(500)
    smaller = {index for index, position in enumerate(positions) if position < low}
    assert smaller <= {index for index, position in enumerate(positions) if position < high}


@given(st.text(max_size=50))
def test_a_position_is_in_the_range_of_percents(key: str) -> None:
    assert 0 <= sticky_position(key) < 100
    assert sticky_position(key) == sticky_position(key)


def test_the_position_of_a_key_stays_the_same_in_every_release() -> None:
    assert sticky_position("user-1") == pytest.approx(22.075141046863394)


@pytest.mark.parametrize("percent", [1, 10, 35, 50, 90])
def test_sticky_shares_lie_within_three_deviations(percent: float) -> None:
    # The band of the Gateway API's conformance tests: n p +/- 3 sqrt(n p (1-p)).
    n, p = 2000, percent / 100
    chosen = sum(sticky_position(f"user-{number}") < percent for number in range(n))
    assert abs(chosen - n * p) <= 3 * math.sqrt(n * p * (1 - p))


@pytest.mark.parametrize("period", [2, 3, 4, 5, 7, 10, 16, 60, 100])
def test_traffic_that_repeats_is_sampled_evenly(period: int) -> None:
    number = 20_000 * (5 if period > 10 else 1)
    kinds = Counter(index % period for index, position in enumerate(drawn(number)) if position < 10)
    expected = number / 10 / period
    assert all(abs(kinds[kind] - expected) <= expected * 0.12 for kind in range(period)), kinds


def test_not_always_the_same_one_of_ten_is_chosen() -> None:
    places = {index % 10 for index, position in enumerate(drawn(1000)) if position < 10}
    assert places == set(range(10))


def test_many_threads_draw_each_position_once() -> None:
    positions, found = Positions(), [list[float]() for _ in range(8)]
    barrier = threading.Barrier(8)

    def draw(mine: list[float]) -> None:
        barrier.wait()
        mine.extend(positions.draw() for _ in range(1250))

    threads = [threading.Thread(target=draw, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = sorted(position for mine in found for position in mine)
    assert everything == sorted(drawn(10_000))
    assert sum(position < 10 for position in everything) == 1000


TARGETS = (
    Target(name="ten", url="http://a", percent=10.0),
    Target(name="fifty", url="http://b", percent=50.0),
)


def test_targets_get_the_same_members(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(target=None, targets=TARGETS)
    for _ in range(100):
        mirrored()
    assert Counter(exchange.targets for exchange in collected.exchanges) == {
        ("ten", "fifty"): 10,
        ("fifty",): 40,
    }


def test_targets_get_the_same_members_by_key(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(target=None, targets=TARGETS, sticky="header:X-User")
    for user in random.Random(7).choices(range(50), k=300):
        mirrored("GET", f"/{user}", [("X-User", str(user))])
    got: dict[bytes, set[tuple[str, ...]]] = {}
    for exchange in collected.exchanges:
        got.setdefault(exchange.request.path, set()).add(exchange.targets)
    assert got
    assert all(len(kinds) == 1 for kinds in got.values()), "a user is in or out, for good"
    assert {next(iter(kinds)) for kinds in got.values()} <= {("ten", "fifty"), ("fifty",)}


@pytest.mark.parametrize(
    ("sticky", "headers"),
    [
        ("header:X-User", [("X-User", "{}")]),
        ("header:x-user", [("X-USER", "{}")]),
        ("cookie:session", [("Cookie", "a=b; session={}; c=d")]),
        ("cookie:session", [("Cookie", 'broken[]"=\\x00; session="{}"')]),
        (lambda source: str(source.get("path") or source.get("PATH_INFO")), []),
    ],
    ids=["header", "any case", "cookie", "among odd cookies", "callable"],
)
def test_a_sticky_request_stays_in_or_out(
    protocol: Protocol, collected: Collected, sticky: Any, headers: list[tuple[str, str]]
) -> None:
    mirrored = protocol.mirrored(percent=50, sticky=sticky)
    for _ in range(3):
        for user in range(40):
            mirrored("GET", f"/{user}", [(name, value.format(user)) for name, value in headers])
    times = Counter(exchange.request.path for exchange in collected.exchanges)
    assert set(times.values()) == {3}
    assert 5 < len(times) < 35


@pytest.mark.parametrize("headers", [[], [("X-User", "")]], ids=["none", "empty"])
def test_a_request_without_its_key_is_sampled_like_any_other(
    protocol: Protocol, collected: Collected, headers: list[tuple[str, str]]
) -> None:
    mirrored = protocol.mirrored(percent=50, sticky="header:X-User")
    for _ in range(10):
        mirrored("GET", "/", headers)
    assert len(collected.exchanges) == 5


def test_both_protocols_and_every_process_choose_the_same_members() -> None:
    find = key_finder("cookie:session")
    assert find is not None
    fields = [("Cookie", "session=42")]
    assert find(asgi_scope("GET", "/", fields)) == find(wsgi_environ("GET", "/", fields, b"")) == "42"


def test_a_cookie_is_found_in_any_of_several_fields() -> None:
    # As HTTP/2 sends them (RFC 9113, section 8.2.3).
    find = key_finder("cookie:session")
    assert find is not None
    assert find(asgi_scope("GET", "/", [("Cookie", "a=b"), ("Cookie", "session=42")])) == "42"


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.text(max_size=20))
def test_no_cookie_header_upsets_the_search(value: str, name: str) -> None:
    find = key_finder(f"cookie:{name}")
    assert find is not None
    found = find({"headers": [(b"cookie", value.encode("latin-1"))]})
    assert found is None or found in value


def test_a_change_of_settings_changes_the_share(
    protocol: Protocol, collected: Collected, tmp_path: Any
) -> None:
    file = tmp_path / "shadowtap.toml"
    file.write_text("percent = 0")
    mirrored = protocol.mirrored(config=str(file))
    for percent in (0, 100, 20):
        file.write_text(f"percent = {percent}")
        collected.mirror._live.refresh()
        for _ in range(10):
            mirrored()
    assert collected.outcomes() == {"copied": 12, Outcome.NOT_SAMPLED: 18}
