"""An OpenTelemetry SDK for a process that is no app of anybody's: the shared courier.

Set up from the standard variables:
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

import shadowtap
from shadowtap.telemetry import names

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

GROUP = "opentelemetry_metrics_exporter"
"""Entry points under which exporters are installed."""

_log = logging.getLogger("shadowtap.telemetry")


class Sdk(NamedTuple):
    """A meter, and what has to be called for its last figures to be exported."""

    meter: Meter
    shutdown: Callable[[], None]


def from_environment() -> Sdk | None:
    """Return a meter that exports as ``OTEL_*`` says; ``None`` when it says nothing, or cannot be had."""
    wanted = _exporter_name()
    if wanted is None:
        return None
    if find_spec("opentelemetry.sdk") is None:
        _log.warning(
            "OTEL_* variables are set, but opentelemetry-sdk is not installed: no metrics are exported"
        )
        return None
    found = [point for name in _candidates(wanted) for point in entry_points(group=GROUP, name=name)]
    if not found:
        _log.warning("the metrics exporter %r is not installed: no metrics are exported", wanted)
        return None
    return _sdk(found[0].load())


def _exporter_name() -> str | None:
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    name = os.environ.get("OTEL_METRICS_EXPORTER", "").strip()
    if name:
        return None if name == "none" else name
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
    return "otlp" if any(os.environ.get(variable) for variable in endpoints) else None


def _candidates(name: str) -> list[str]:
    if name != "otlp":
        return [name]
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    return ["otlp_proto_http", "otlp_proto_grpc"][:: 1 if protocol.startswith("http") else -1]


def _sdk(kind: Any) -> Sdk:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource

    made = kind()
    reader = made if isinstance(made, MetricReader) else PeriodicExportingMetricReader(made)
    named = "OTEL_SERVICE_NAME" in os.environ
    resource = Resource.create({} if named else {"service.name": "shadowtap-courier"})
    provider = MeterProvider([reader], resource=resource)
    return Sdk(provider.get_meter(names.METER, shadowtap.__version__), provider.shutdown)
