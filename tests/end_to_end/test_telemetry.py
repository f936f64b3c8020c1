"""Metrics in the app's own OpenTelemetry, and the link from the shadow's trace to the primary's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.support.servers import Server, request, serve

APP = "tests.end_to_end.measured:app"
NUMBER = 5


class Pair(NamedTuple):
    """A primary and its shadow, both measured."""

    primary: Server
    shadow: Server


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Serve requests whose copies have all been answered."""
    with serve("uvicorn", APP, env={"SHADOWTAP_ROLE": "shadow"}) as shadow:
        env = {"SHADOWTAP_TARGETS": shadow.url, "SHADOWTAP_TIMEOUT": "60s"}
        with serve("uvicorn", APP, env=env) as primary:
            for _ in range(NUMBER):
                assert request(primary.address, "GET", "/orders").body == b"served"
            answered = lambda: metrics(primary, "shadowtap.copies") == [NUMBER]  # noqa: E731
            primary.wait("all copies are answered", answered, 60)
            yield Pair(primary, shadow)


def metrics(server: Server, name: str) -> list[float]:
    """Return the values of a metric."""
    return [
        number for found, _, number in request(server.address, "GET", "/-/metrics").json() if found == name
    ]


def spans(server: Server, name: str) -> list[dict[str, Any]]:
    """Return the finished spans of a name."""
    found = request(server.address, "GET", "/-/spans").json()
    return [span for span in found if span["name"] == name]


def trace_of(span: dict[str, Any]) -> str:
    trace: str = span["context"]["trace_id"]
    return trace


def test_the_counts_are_metrics_of_the_app(pair: Pair) -> None:
    assert metrics(pair.primary, "shadowtap.requests") == [NUMBER]
    assert metrics(pair.primary, "shadowtap.pending") == [0]
    assert metrics(pair.primary, "shadowtap.answer.duration") == [NUMBER]
    [[_, attributes, _]] = [
        point
        for point in request(pair.primary.address, "GET", "/-/metrics").json()
        if point[0] == "shadowtap.copies"
    ]
    assert attributes["shadowtap.outcome"] == "answered"
    assert attributes["shadowtap.target"] == pair.shadow.url.removeprefix("http://")


def test_the_guard_counts_what_it_admits(pair: Pair) -> None:
    assert sum(metrics(pair.shadow, "shadowtap.guard.requests")) == NUMBER


def test_each_shadow_request_is_linked_to_the_primarys_request(pair: Pair) -> None:
    primaries = {trace_of(span) for span in spans(pair.primary, "request")}
    shadows = spans(pair.shadow, "shadowtap.shadow_request")
    assert len(shadows) == NUMBER
    linked = {link["context"]["trace_id"] for span in shadows for link in span["links"]}
    assert linked == primaries


def test_the_traces_of_primary_and_shadow_stay_apart(pair: Pair) -> None:
    primaries = {trace_of(span) for span in spans(pair.primary, "request")}
    shadows = {trace_of(span) for span in spans(pair.shadow, "request")}
    assert len(primaries) == len(shadows) == NUMBER
    assert not primaries & shadows


def test_our_own_calls_are_no_spans_of_the_app(pair: Pair) -> None:
    names = {span["name"] for span in request(pair.primary.address, "GET", "/-/spans").json()}
    assert names == {"request", "inside"}
