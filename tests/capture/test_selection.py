"""Globs, upgrades, framing, rate, ids and trace: what selection is made of."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.capture.framing import environ_length, scope_length
from shadowtap.capture.ids import Ids
from shadowtap.capture.rate import RateLimit
from shadowtap.capture.selection import glob, upgrades
from shadowtap.capture.trace import primary_traceparent


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/a", "/a", True),
        ("/a", "/a/", False),
        ("/a", "/ab", False),
        ("/a*", "/abc", True),
        ("/a*", "/a/b", False),
        ("/*/c", "/b/c", True),
        ("/*/c", "/a/b/c", False),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/a/", True),
        ("/**/z", "/a/b/z", True),
        ("/a?c", "/abc", True),
        ("/a?c", "/a/c", False),
        ("/a.c", "/abc", False),
        ("/[a]", "/a", False),
        ("/[a]", "/[a]", True),
        ("/a*", "/a\nb", True),
    ],
)
def test_a_glob_matches_a_path(pattern: str, path: str, matches: bool) -> None:
    assert bool(glob(pattern)(path)) is matches


@given(st.text(st.characters(exclude_characters="*?")))
def test_a_glob_without_wildcards_matches_itself_alone(text: str) -> None:
    assert glob(text)(text)
    assert not glob(text)(text + "x")


@given(st.text(), st.text())
def test_two_stars_match_anything(before: str, after: str) -> None:
    plain = before.replace("*", "").replace("?", "")
    assert glob(plain + "**")(plain + after)


@pytest.mark.parametrize(
    ("protocol", "method", "does"),
    [
        ("", "GET", False),
        ("websocket", "GET", True),
        ("WebSocket", "GET", True),
        ("h2c", "GET", False),
        ("H2C ", "POST", False),
        ("h2c, websocket", "GET", True),
        ("", "CONNECT", True),
    ],
)
def test_what_asks_for_something_else_than_an_answer(protocol: str, method: str, does: bool) -> None:
    assert upgrades(protocol, method) is does


@pytest.mark.parametrize(
    ("environ", "length"),
    [
        ({}, 0),
        ({"CONTENT_LENGTH": ""}, 0),
        ({"CONTENT_LENGTH": "0"}, 0),
        ({"CONTENT_LENGTH": " 12 "}, 12),
        ({"CONTENT_LENGTH": "12", "wsgi.input_terminated": True}, 12),
        ({"CONTENT_LENGTH": "twelve"}, None),
        ({"CONTENT_LENGTH": "-1"}, None),
        ({"CONTENT_LENGTH": "9" * 30}, None),
        ({"CONTENT_LENGTH": "\u0661"}, None),
        ({"HTTP_TRANSFER_ENCODING": "gzip, Chunked"}, None),
        ({"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/2"}, None),
        ({"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/1.1"}, 0),
    ],
)
def test_the_length_of_a_body_on_wsgi(environ: dict[str, Any], length: int | None) -> None:
    assert environ_length(environ) == length


@pytest.mark.parametrize(
    ("version", "method", "fields", "length"),
    [
        ("1.1", "POST", {}, 0),
        ("1.1", "POST", {b"content-length": b"12"}, 12),
        ("1.1", "POST", {b"content-length": b"twelve"}, None),
        ("1.1", "POST", {b"transfer-encoding": b"chunked"}, None),
        ("2", "POST", {}, None),
        ("2", "POST", {b"content-length": b"0"}, 0),
        ("3", "PUT", {}, None),
        ("2", "GET", {}, 0),
    ],
)
def test_the_length_of_a_body_on_asgi(
    version: str, method: str, fields: dict[bytes, bytes], length: int | None
) -> None:
    assert scope_length({"http_version": version, "method": method}, fields) == length


def test_the_rate_allows_a_second_worth_at_once_and_then_so_many_per_second() -> None:
    now = [0.0]
    limit = RateLimit(5, clock=lambda: now[0])
    assert [limit.allows() for _ in range(7)] == [True] * 5 + [False] * 2
    now[0] = 0.2
    assert [limit.allows() for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert sum(limit.allows() for _ in range(20)) == 5


def test_a_rate_below_one_allows_one_at_a_time() -> None:
    now = [0.0]
    limit = RateLimit(0.1, clock=lambda: now[0])
    assert [limit.allows(), limit.allows()] == [True, False]
    now[0] = 9.9
    assert not limit.allows()
    now[0] = 10.1
    assert limit.allows()


@given(rate=st.floats(0.01, 1000), steps=st.lists(st.floats(0, 3), min_size=1, max_size=50))
def test_the_rate_never_allows_more_than_its_burst_and_its_time(rate: float, steps: list[float]) -> None:
    now = [0.0]
    limit = RateLimit(rate, clock=lambda: now[0])
    allowed = 0
    for step in steps:
        now[0] += step
        allowed += sum(limit.allows() for _ in range(5))
    assert allowed <= max(rate, 1.0) + now[0] * rate + 1e-6


def test_an_id_is_known_to_the_process_that_made_it() -> None:
    ours, theirs = Ids(), Ids()
    assert ours.made(ours.new())
    assert not ours.made(theirs.new())
    assert not ours.made("")
    assert not ours.made(ours.new() + "0")


def test_a_forked_child_makes_other_ids() -> None:
    from shadowtap.capture.ids import ids

    parents = ids.new()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, ids.new().encode())
        os._exit(0)
    os.waitpid(child, 0)
    childs = os.read(reading, 100).decode()
    os.close(reading)
    os.close(writing)
    assert len(childs) == 32
    assert childs[:20] != parents[:20]
    assert not ids.made(childs)


INBOUND = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    ("inbound", "found"),
    [
        (None, ""),
        (INBOUND, INBOUND),
        ("00-" + "0" * 32 + "-b7ad6b7169203331-01", ""),
        ("00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01", ""),
        (INBOUND + "\r\nX: y", ""),
        ("anna@example.com", ""),
    ],
)
def test_only_a_sound_trace_context_is_taken_over(inbound: str | None, found: str) -> None:
    assert primary_traceparent(inbound) == found


def test_the_current_span_goes_before_what_came_in() -> None:
    from opentelemetry.sdk.trace import TracerProvider

    with TracerProvider().get_tracer("test").start_as_current_span("serving") as span:
        context = span.get_span_context()
        expected = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
        assert primary_traceparent(INBOUND) == expected
