from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import pytest

from tests.examples.relay import Passed, Relay
from tests.examples.shops import MIRRORED, PERSONAL, SHOPS, STEPS, Files, open_shop, take
from tests.support.servers import Answer, Stopped

KEY = {"SHADOWTAP_KEY": "a-key-for-the-tests-of-32-bytes!"}
PATIENCE = {"SHADOWTAP_TIMEOUT": "60s"}
"""On a busy machine, a courier may need long to start."""
CHANGING = {"date", "content-length"}
"""Headers that differ between two visits to the same shop."""


class Visit(NamedTuple):
    """What a customer got from a primary, and what its shadow got."""

    answers: list[Answer]
    without: list[Answer]
    """The answers of a shop that is not mirrored."""
    passed: list[Passed]
    primary: Files
    shadow: Files
    stopped: Stopped
    logged: str

    def copy_of(self, method: str, target: str) -> Passed:
        """Return the copy of a request."""
        return next(p for p in self.passed if p.method == method and p.target.partition("?")[0] == target)


@pytest.fixture(scope="module", params=SHOPS, ids=lambda shop: shop.name)
def visit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    shop, folder = request.param, tmp_path_factory.mktemp("shops")
    with open_shop(shop, folder / "without") as (server, _):
        without = [take(server.address, step) for step in STEPS]
    shadow_env = {**KEY, "SHADOWTAP_ROLE": "shadow"}
    with (
        open_shop(shop, folder / "shadow", shadow_env) as (shadow, shadow_files),
        Relay(shadow.address).running() as relay,
    ):
        primary_env = {**KEY, **PATIENCE, "SHADOWTAP_ROLE": "primary", "SHADOWTAP_TARGET": relay.url}
        with open_shop(shop, folder / "primary", primary_env) as (primary, primary_files):
            answers, copies = [], 0
            for step in STEPS:
                answers.append(take(primary.address, step))
                # One after the other, so that the shadow's shop goes through the same states.
                copies += step in MIRRORED
                arrived = partial(relay.has_passed, copies)
                primary.wait(f"the copy of {step[:2]} arrives", arrived, timeout=60)
            stopped = primary.stop()
            logged = primary.output() + shadow.output()
        yield Visit(answers, without, relay.passed, primary_files, shadow_files, stopped, logged)


def test_the_customer_gets_what_a_shop_without_shadow_answers(visit: Visit) -> None:
    changing = {"token", "reference", "placed_at"}
    for mirrored, plain in zip(visit.answers, visit.without, strict=True):
        assert mirrored.status == plain.status
        assert lasting(mirrored) == lasting(plain)
        if plain.headers["Content-Type"] == "application/json" and isinstance(plain.json(), dict):
            same = plain.json().keys() - changing
            assert {key: mirrored.json()[key] for key in same} == {key: plain.json()[key] for key in same}
            assert mirrored.json().keys() == plain.json().keys()
        else:
            assert mirrored.body == plain.body


def lasting(answer: Answer) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.items() if name.lower() not in CHANGING]


def test_every_request_is_copied_once_but_logins_and_health_checks(visit: Visit) -> None:
    copied = [(copy.method, copy.target.partition("?")[0]) for copy in visit.passed]
    assert copied == [(method, target.partition("?")[0]) for method, target, _ in MIRRORED]


def test_each_copy_is_marked_and_signed_and_has_its_own_id(visit: Visit) -> None:
    assert {copy.header("X-Shadow-Request") for copy in visit.passed} == {"true"}
    assert len({copy.header("X-Shadow-Id") for copy in visit.passed}) == len(MIRRORED)
    assert all(copy.header("X-Shadow-Signature").startswith("v1;") for copy in visit.passed)


def test_the_shadow_answers_a_copy_as_the_primary_answered_the_request(visit: Visit) -> None:
    answered = [answer.status for answer, step in zip(visit.answers, STEPS, strict=True) if step in MIRRORED]
    assert [copy.status for copy in visit.passed] == answered


def test_nothing_personal_reaches_the_shadow(visit: Visit) -> None:
    sent = [(copy.method, copy.target, text) for copy in visit.passed for text in copy.texts()]
    assert not [(*where, personal) for *where, text in sent for personal in PERSONAL if personal in text]


def test_nothing_personal_is_logged_by_the_mirror(visit: Visit) -> None:
    lines = [line for line in visit.logged.splitlines() if "shadowtap" in line]
    assert not [line for line in lines if any(personal in line for personal in PERSONAL)]


def test_the_shadow_says_which_effects_it_was_kept_from(visit: Visit) -> None:
    order = visit.copy_of("POST", "/orders").answer_headers["x-shadow-effects"]
    payment = visit.copy_of("POST", "/payments").answer_headers["x-shadow-effects"]
    assert order == 'blocked=2, effects=("write_ledger" "send_confirmation")'
    assert payment == 'blocked=1, effects=("charge")'
    assert visit.copy_of("POST", "/payments").status == 201


def test_the_shadow_says_how_long_it_took(visit: Visit) -> None:
    assert all("shadowtap;dur=" in copy.answer_headers["server-timing"] for copy in visit.passed)


def test_the_shadow_charges_nobody_and_sends_no_mail(visit: Visit) -> None:
    assert not visit.shadow.ledger.exists()
    assert not visit.shadow.outbox.exists()


def test_the_primary_charges_once_and_sends_one_mail(visit: Visit) -> None:
    assert len(visit.primary.ledger.read_text().splitlines()) == 2
    assert len(list(visit.primary.outbox.iterdir())) == 1


def test_the_customer_sees_nothing_of_the_shadow(visit: Visit) -> None:
    assert not [
        name for answer in visit.answers for name in answer.headers if name.lower().startswith("x-shadow")
    ]


def test_the_primary_ends_cleanly(visit: Visit) -> None:
    assert visit.stopped.code in (0, -15)
    assert visit.stopped.seconds < 10
