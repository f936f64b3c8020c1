from __future__ import annotations

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from shadowtap.outcome import Outcome
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter


def points(reader: InMemoryMetricReader) -> dict[str, list[tuple[dict[str, object], float]]]:
    data = reader.get_metrics_data()
    found = {}
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                found[metric.name] = [
                    (dict(point.attributes or {}), getattr(point, "value", getattr(point, "count", 0)))
                    for point in metric.data.data_points
                ]
    return found


def test_the_ledger_is_reported_under_shadowtap_names() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    ledger = Ledger()
    ledger.accept(["shadow"])
    ledger.accept(["shadow"])
    ledger.close("shadow", Outcome.ANSWERED)
    meter = Meter(ledger, provider.get_meter("shadowtap"))
    meter.durations("shadow", [0.5])
    found = points(reader)
    assert found["shadowtap.requests"] == [({"shadowtap.target": "shadow"}, 2)]
    assert found["shadowtap.pending"] == [({"shadowtap.target": "shadow"}, 1)]
    assert found["shadowtap.copies"] == [({"shadowtap.target": "shadow", "shadowtap.outcome": "answered"}, 1)]
    assert found["shadowtap.answer.duration"] == [({"shadowtap.target": "shadow"}, 1)]
    provider.shutdown()
