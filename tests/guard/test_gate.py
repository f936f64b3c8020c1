from __future__ import annotations

import logging
from typing import Any

import pytest
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from shadowtap.guard import gate
from shadowtap.guard.counts import Counts, counts
from shadowtap.guard.gate import Gate
from shadowtap.guard.incoming import ScopeRequest
from shadowtap.guard.policy import GuardPolicy
from tests.guard.driving import http_scope
from tests.guard.marks import KEY, MARKED

KEYED = GuardPolicy(mode="marked", key=KEY)


@pytest.fixture
def unannounced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(gate, "_announced", set())
    caplog.set_level(logging.INFO, logger="shadowtap")
    return caplog


@pytest.mark.parametrize(("mode", "text"), [("marked", "with X-Shadow-Request"), ("always", "every request")])
def test_a_guard_says_once_how_it_works(unannounced: pytest.LogCaptureFixture, mode: Any, text: str) -> None:
    for _ in range(3):
        Gate(GuardPolicy(mode=mode, key=KEY))
    (record,) = unannounced.records
    assert (record.name, record.levelno) == ("shadowtap.guard", logging.INFO)
    assert text in record.getMessage()


def test_a_guard_without_a_key_warns(unannounced: pytest.LogCaptureFixture) -> None:
    Gate(GuardPolicy(mode="marked"))
    warning = unannounced.records[1]
    assert (warning.name, warning.levelno) == ("shadowtap.guard", logging.WARNING)
    assert "SHADOWTAP_KEY" in warning.getMessage()


def test_refusals_are_logged_once_per_reason_and_without_anything_of_the_request(
    unannounced: pytest.LogCaptureFixture,
) -> None:
    keyed = Gate(KEYED)
    unannounced.clear()
    for _ in range(3):
        keyed.meet(ScopeRequest(http_scope(target="/canary", headers={**MARKED, "X-Shadow-Id": "canary"})))
        keyed.meet(ScopeRequest(http_scope(target="/canary", headers={"X-Shadow-Request": "canary"})))
    texts = [record.getMessage() for record in unannounced.records]
    assert len(texts) == 2
    assert "unsigned" in texts[0]
    assert "malformed_mark" in texts[1]
    assert "canary" not in "".join(texts)


def test_every_admission_is_counted() -> None:
    keyed = Gate(KEYED)
    for headers in ({}, {}, MARKED, {"X-Shadow-Request": "no"}):
        keyed.meet(ScopeRequest(http_scope(headers=headers)))
    Gate(GuardPolicy(mode="always")).meet(ScopeRequest(http_scope()))
    assert counts.read() == {"unmarked": 2, "malformed_id": 1, "malformed_mark": 1, "guarded": 1}


def test_the_counts_are_reported_through_the_apps_meter_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    monkeypatch.setattr(metrics, "get_meter", provider.get_meter)
    numbers = Counts()
    numbers.add("guarded")
    numbers.add("guarded")
    numbers.add("stale")
    numbers.report()
    numbers.report()
    found: Any = reader.get_metrics_data()
    (metric,) = found.resource_metrics[0].scope_metrics[0].metrics
    assert metric.name == "shadowtap.guard.requests"
    points = {point.attributes["shadowtap.admission"]: point.value for point in metric.data.data_points}
    assert points == {"guarded": 2, "stale": 1}
    provider.shutdown()


def test_the_counts_are_a_copy() -> None:
    counts.read()["guarded"] = 5
    assert counts.read() == {}
