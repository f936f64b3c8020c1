from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from shadowtap.outcome import Outcome
from shadowtap.telemetry.ledger import Ledger

STEP = st.tuples(st.sampled_from(["refuse", "accept", "close"]), st.sampled_from(list(Outcome)))


@given(st.lists(STEP, max_size=60))
def test_received_is_always_the_outcomes_plus_what_is_pending(steps: list[tuple[str, Outcome]]) -> None:
    ledger, open_copies = Ledger(), 0
    for step, outcome in steps:
        if step == "refuse":
            ledger.refuse(["a"], outcome)
        elif step == "accept":
            ledger.accept(["a"])
            open_copies += 1
        elif open_copies:
            ledger.close("a", outcome)
            open_copies -= 1
    ended = sum(ledger.outcomes().get("a", {}).values())
    assert ledger.received().get("a", 0) == ended + open_copies
    assert ledger.pending().get("a", 0) == open_copies


def test_a_request_counts_once_for_each_target() -> None:
    ledger = Ledger()
    ledger.accept(["a", "b"])
    ledger.close("a", Outcome.ANSWERED)
    assert ledger.received() == {"a": 1, "b": 1}
    assert ledger.pending() == {"a": 0, "b": 1}


def test_counts_of_many_threads_add_up() -> None:
    ledger = Ledger()

    def count() -> None:
        for _ in range(2000):
            ledger.refuse(["a"], Outcome.PAUSED)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.outcomes() == {"a": {"paused": 16000}}


def test_a_reset_ledger_is_empty() -> None:
    ledger = Ledger()
    ledger.refuse(["a"], Outcome.PAUSED)
    ledger.reset()
    assert (ledger.received(), ledger.outcomes(), ledger.pending()) == ({}, {}, {})
