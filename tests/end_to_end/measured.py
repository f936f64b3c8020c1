"""An app with an OpenTelemetry of its own, which it tells about under ``/-/metrics`` and ``/-/spans``."""

from __future__ import annotations

import json

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import shadowtap

reader, exporter = InMemoryMetricReader(), InMemorySpanExporter()
metrics.set_meter_provider(MeterProvider([reader]))
tracers = TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(tracers)


async def answer(send, body: bytes):
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def bare(scope, receive, send):
    with trace.get_tracer("app").start_as_current_span("inside"):
        await answer(send, b"served")


wrapped = shadowtap.wrap(bare)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise NotImplementedError
    if scope["path"] == "/-/metrics":
        await answer(send, json.dumps(points()).encode())
    elif scope["path"] == "/-/spans":
        await answer(send, json.dumps([json.loads(span.to_json()) for span in finished()]).encode())
    else:
        # As an instrumentation does around all middleware.
        with trace.get_tracer("app").start_as_current_span("request"):
            await wrapped(scope, receive, send)


def finished():
    return exporter.get_finished_spans()


def points():
    data = reader.get_metrics_data()
    found = []
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    number = getattr(point, "value", getattr(point, "count", None))
                    found.append([metric.name, dict(point.attributes), number])
    return found
