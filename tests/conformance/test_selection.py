"""Which requests get a copy: shares, rules and what they leave alone."""

from __future__ import annotations

import http.client
import math

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import Primary, copies, fresh, send, the_copy


def send_many(primary: Primary, path: str, number: int) -> list[str]:
    """Send so many requests under a path over one connection, and return their ids."""
    ids = [fresh() for _ in range(number)]
    connection = http.client.HTTPConnection(*primary.address)
    for one in ids:
        assert send(primary.address, "GET", f"{path}/{one}", connection=connection).status == 200
    connection.close()
    return ids


@pytest.mark.parametrize(("path", "percent"), [("tenth", 10), ("half", 50)])
def test_a_share_is_exact_in_each_ten_requests(stage: Stage, path: str, percent: int) -> None:
    with stage.primary.counted() as counted:
        tens = [send_many(stage.primary, f"/echo/{path}", 10) for _ in range(3)]
    assert counted == {"answered": percent * 0.3, "not_sampled": 30 - percent * 0.3}
    for ids in tens:
        assert sum(len(copies(stage.main, one)) for one in ids) == percent / 10


def test_a_share_of_nothing_copies_nothing(stage: Stage) -> None:
    with stage.primary.counted() as counted:
        send_many(stage.primary, "/echo/none", 100)
    assert counted == {"not_sampled": 100}


@pytest.mark.parametrize(("path", "share"), [("fifth", 0.20), ("odd", 0.35)])
def test_a_share_lies_within_three_standard_deviations(stage: Stage, path: str, share: float) -> None:
    number = 200
    with stage.primary.counted() as counted:
        send_many(stage.primary, f"/echo/{path}", number)
    band = 3 * math.sqrt(number * share * (1 - share))
    assert abs(counted["answered"] - number * share) <= band
    assert sum(counted.values()) == number


def test_the_smaller_of_two_shares_is_within_the_larger(stage: Stage) -> None:
    ids = send_many(stage.primary, "/echo/shares", 40)
    stage.primary.settle()
    tenth, half = (
        {one for one in ids if copies(stage.shadows[name], one)} for name in ("share_10", "share_50")
    )
    assert (len(tenth), len(half)) == (4, 20)
    assert tenth < half


def test_each_target_accounts_for_what_its_own_share_left_out(stage: Stage) -> None:
    with stage.primary.counted("share_10") as tenth, stage.primary.counted("share_50") as half:
        send_many(stage.primary, "/echo/shares", 20)
    assert tenth == {"answered": 2, "not_sampled": 18}
    assert half == {"answered": 10, "not_sampled": 10}


def test_the_first_rule_that_matches_decides_alone(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/won/{mark}")
    the_copy(stage.shadows["second"], mark)
    stage.primary.settle()
    got = [name for name, shadow in stage.shadows.items() if copies(shadow, mark)]
    assert got == ["second"]


def test_a_rule_can_say_that_nothing_is_copied(stage: Stage, mark: str) -> None:
    with stage.primary.counted() as counted:
        assert stage.primary.get(f"/echo/never/{mark}").status == 200
    assert counted == {"excluded": 1}
    assert not [name for name, shadow in stage.shadows.items() if copies(shadow, mark)]


def test_a_rule_can_ask_for_a_header(stage: Stage) -> None:
    with_header, without = fresh(), fresh()
    with stage.primary.counted() as counted:
        stage.primary.get(f"/echo/only-beta/{with_header}", headers=[("X-Plan", "beta-2")])
        stage.primary.get(f"/echo/only-beta/{without}", headers=[("X-Plan", "gold")])
    assert counted == {"answered": 1, "excluded": 1}
    assert copies(stage.main, with_header)
    assert not copies(stage.main, without)


def test_no_header_of_the_client_picks_a_target(stage: Stage, mark: str) -> None:
    elsewhere = [("X-Shadow-Target", "third"), ("X-Target", "third"), ("X-Envoy-Mirror-Cluster", "third")]
    stage.primary.get(f"/echo/main/{mark}", headers=elsewhere)
    the_copy(stage.main, mark)
    stage.primary.settle()
    assert not copies(stage.shadows["third"], mark)
