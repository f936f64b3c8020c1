from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.driving import WsgiAnswer, asgi, call_asgi, environ, wsgi
from tests.guard.marks import MARKED

OPEN = GuardPolicy(mode="marked")
PRIMARY = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
COPY = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01"
MARKS = {**MARKED, "X-Shadow-Id": "copy-1", "X-Shadow-Link": PRIMARY, "traceparent": COPY}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[TracerProvider]:
    provider = TracerProvider(shutdown_on_exit=False)
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield provider
    provider.shutdown()


@pytest.fixture
def spans(provider: TracerProvider) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def only(exporter: InMemorySpanExporter) -> ReadableSpan:
    (span,) = exporter.get_finished_spans()
    return span


def test_a_shadow_request_has_a_span_with_a_link_to_the_primarys(spans: InMemorySpanExporter) -> None:
    asgi(GuardAsgi(app, OPEN), headers=MARKS)
    span = only(spans)
    assert span.name == "shadowtap.shadow_request"
    assert span.attributes == {"shadowtap.id": "copy-1"}
    (link,) = span.links
    assert f"{link.context.trace_id:032x}-{link.context.span_id:016x}" == PRIMARY[3:-3]
    assert link.context.is_remote


def test_the_span_stands_in_the_trace_of_the_copy(spans: InMemorySpanExporter) -> None:
    asgi(GuardAsgi(app, OPEN), headers=MARKS)
    span = only(spans)
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}" == COPY[3:-3]


def test_below_a_span_of_the_server_the_span_is_its_child(
    provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    async def served() -> None:
        with provider.get_tracer("server").start_as_current_span("GET /"):
            await call_asgi(GuardAsgi(app, OPEN), headers=MARKS)

    asyncio.run(served())
    ours, server = spans.get_finished_spans()
    assert ours.parent == server.context


def test_the_apps_own_spans_are_what_they_are_without_the_guard(
    provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    async def traced(scope: Any, receive: Any, send: Any) -> None:
        with provider.get_tracer("app").start_as_current_span("own"):
            await app(scope, receive, send)

    asgi(GuardAsgi(traced, OPEN), headers=MARKS)
    own = spans.get_finished_spans()[0]
    assert own.name == "own"
    assert own.parent is None


@pytest.mark.parametrize(
    "link",
    [
        "",
        "nonsense",
        PRIMARY.upper(),
        f"{PRIMARY}\n",
        "ff" + PRIMARY[2:],
        f"00-{'0' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'0' * 16}-01",
    ],
)
def test_a_link_that_is_none_is_left_out(spans: InMemorySpanExporter, link: str) -> None:
    asgi(GuardAsgi(app, OPEN), headers={**MARKS, "X-Shadow-Link": link})
    assert only(spans).links == ()


def test_an_ordinary_request_has_no_span_of_ours(spans: InMemorySpanExporter) -> None:
    asgi(GuardAsgi(app, OPEN), headers={"traceparent": COPY})
    assert spans.get_finished_spans() == ()


def test_the_span_ends_though_the_app_raises(spans: InMemorySpanExporter) -> None:
    async def raises(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        asgi(GuardAsgi(raises, OPEN), headers=MARKS)
    assert only(spans)


def test_the_span_of_a_streamed_answer_ends_once_when_it_is_closed(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    def streams(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"a"

    answer = WsgiAnswer()
    result: Any = GuardWsgi(streams, OPEN)(environ(headers=MARKS), answer.start)
    assert list(result) == [b"a"]
    assert spans.get_finished_spans() == ()
    result.close()
    result.close()
    assert only(spans)
    assert "ended span" not in caplog.text


def test_the_span_of_a_list_ends_with_the_call(spans: InMemorySpanExporter) -> None:
    def answers(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"a"]

    wsgi(GuardWsgi(answers, OPEN), headers=MARKS)
    assert only(spans)


def test_a_tracer_that_raises_does_not_harm_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "get_tracer", None)
    assert asgi(GuardAsgi(app, OPEN), headers=MARKS).status == 200


WITHOUT = """
import asyncio, sys
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.policy import GuardPolicy
from tests.guard.driving import asgi

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})

headers = {"X-Shadow-Request": "true", "X-Shadow-Link": "x"}
exchange = asgi(GuardAsgi(app, GuardPolicy(mode="marked")), headers=headers)
assert exchange.header("server-timing")
loaded = [name for name in sys.modules if name.startswith("opentelemetry")]
assert not loaded, loaded
"""


def test_a_process_that_does_not_use_opentelemetry_does_not_load_it() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT], check=True)
