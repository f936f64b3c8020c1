from __future__ import annotations

import pytest

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact.budget import MAX_LEAVES, Budget
from shadowtap.redact.cache import Cache


def test_a_decision_is_remembered() -> None:
    cache: Cache[str] = Cache(4)
    cache.put(b"a", "1")
    assert cache.get(b"a") == "1"
    assert cache.get(b"b") is None


def test_there_are_never_more_than_its_size() -> None:
    cache: Cache[int] = Cache(10)
    for number in range(1000):
        cache.put(b"%d" % number, number)
        assert len(cache) <= 10


def test_what_is_in_use_survives() -> None:
    cache: Cache[str] = Cache(10)
    cache.put(b"used", "1")
    for number in range(1000):
        cache.put(b"%d" % number, "x")
        assert cache.get(b"used") == "1"


def test_a_budget_of_time_runs_out() -> None:
    budget = Budget(-1.0)
    budget.part = "body"
    with pytest.raises(RedactionFailed, match="body: took too long"):
        budget.spend()


def test_a_budget_of_values_runs_out() -> None:
    budget = Budget(60.0)
    for _ in range(MAX_LEAVES):
        budget.spend()
    with pytest.raises(RedactionFailed, match="request: more than 20000 values"):
        budget.spend()
