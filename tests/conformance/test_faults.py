"""A shadow that fails at once: the client notices nothing, and the account says what it was."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import Primary, Reply, added, copies, fresh
from tests.conformance.processes import couriers, resident

FAULTS = {
    "refuse": "connect_error",
    "nowhere": "connect_error",
    "close_unanswered": "protocol_error",
    "reset": "protocol_error",
    "reset_in_answer": "protocol_error",
    "end_in_answer": "protocol_error",
    "garbage": "protocol_error",
    "bad_chunks": "protocol_error",
    "switch_protocols": "protocol_error",
    "endless_head": "protocol_error",
    "endless_field": "protocol_error",
    "continue_for_ever": "protocol_error",
    "continue_first": "answered",
    "endless_body": "answered",
    "endless_chunks": "answered",
    "gzip_bomb": "answered",
    "moved": "answered",
    "error": "answered",
    "tls": "answered",
    "tls_foreign": "tls_error",
    "tls_other_name": "tls_error",
}
ENDLESS = ["endless_body", "endless_chunks", "endless_head", "switch_protocols", "gzip_bomb"]


class Seen(NamedTuple):
    """What clients got whose copies went to a faulty shadow, and how those copies ended."""

    replies: list[Reply]
    outcomes: dict[str, int]


@pytest.fixture(scope="module")
def seen(stage: Stage) -> dict[str, Seen]:
    """Send three requests for each fault, and wait once for all of them."""
    primary, before = stage.primary, stage.primary.settle()
    replies = {
        fault: [
            primary.get(f"/echo/{fault}/{fresh()}"),
            primary.get(f"/echo/{fault}/{fresh()}"),
            primary.post_json(f"/echo/{fault}/{fresh()}", {"sku": "TEA-050"}),
        ]
        for fault in FAULTS
    }
    after = primary.settle()
    return {fault: Seen(replies[fault], added(before.get(fault, {}), after[fault])) for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_client_notices_nothing_of_a_shadow_that_fails(seen: dict[str, Seen], fault: str) -> None:
    assert [(reply.status, reply.header("X-Primary")) for reply in seen[fault].replies] == [(200, "v1")] * 3
    assert max(reply.seconds for reply in seen[fault].replies) < 1


@pytest.mark.parametrize(("fault", "outcome"), FAULTS.items())
def test_the_account_says_how_a_shadow_failed(seen: dict[str, Seen], fault: str, outcome: str) -> None:
    assert {name: number for name, number in seen[fault].outcomes.items() if name != "excluded"} == {
        outcome: 3
    }


def test_proxy_variables_are_ignored(stage: Stage, seen: dict[str, Seen]) -> None:
    assert stage.shadows["tls"].requests
    assert stage.shadows["proxy"].connections == 0


def test_a_shadow_with_a_certificate_that_is_not_trusted_gets_nothing(
    stage: Stage, seen: dict[str, Seen]
) -> None:
    assert stage.shadows["tls_foreign"].connections
    assert not stage.shadows["tls_foreign"].requests
    assert not stage.shadows["tls_other_name"].requests


def test_a_redirect_is_not_followed(stage: Stage, mark: str) -> None:
    with stage.primary.counted("moved") as counted:
        stage.primary.get(f"/echo/moved/{mark}")
    assert counted == {"answered": 1}
    assert len(copies(stage.shadows["moved"], mark)) == 1
    assert not stage.shadows["elsewhere"].requests


def test_a_copy_is_never_sent_twice(stage: Stage, mark: str) -> None:
    with stage.primary.counted("close_unanswered"):
        stage.primary.get(f"/echo/close_unanswered/{mark}")
    assert len(copies(stage.shadows["close_unanswered"], mark)) == 1


def test_answers_without_end_are_given_up_and_cost_no_memory(stage: Stage) -> None:
    primary = stage.primary
    send_to(primary, ENDLESS, 2)
    [courier] = couriers(primary.server)
    before = resident(courier), primary.ask("process")["memory"]
    send_to(primary, ENDLESS, 10)
    assert resident(courier) - before[0] < 10 * 1024 * 1024
    assert primary.ask("process")["memory"] - before[1] < 10 * 1024 * 1024
    for fault in ENDLESS:
        stage.shadows[fault].wait_until_closed()


def send_to(primary: Primary, faults: list[str], number: int) -> None:
    for fault in faults * number:
        assert primary.get(f"/echo/{fault}/{fresh()}").status == 200
    primary.settle()
