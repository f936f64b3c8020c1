from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from shadowtap.context import is_shadow
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.counts import counts
from shadowtap.guard.policy import GuardPolicy
from tests.guard.driving import asgi, body_messages, call_asgi
from tests.guard.marks import KEY, MARKED, signed

KEYED = GuardPolicy(mode="marked", key=KEY, max_body=1000)
START = {"type": "http.response.start", "status": 200, "headers": [(b"x-app", b"1")]}


async def tells(scope: Any, receive: Any, send: Any) -> None:
    """Answer whether this is a shadow request, and with the body as it came."""
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message["body"].decode())
        more = message["more_body"]
    await send(START)
    await send({"type": "http.response.body", "body": json.dumps([is_shadow(), chunks]).encode()})


class Untouched:
    """An app that keeps what it was called with."""

    async def __call__(self, *given: Any) -> None:
        self.given = given


def test_a_signed_request_gets_its_body_in_the_chunks_in_which_it_came() -> None:
    marks = signed("POST", "/pay?x=1", b"hello world")
    exchange = asgi(GuardAsgi(tells, KEYED), "POST", "/pay?x=1", marks, chunks=[b"hello", b"", b" world"])
    assert json.loads(exchange.body) == [True, ["hello", "", " world"]]
    assert counts.read() == {"guarded": 1}


def test_after_the_body_the_app_receives_what_the_server_has() -> None:
    received = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        received.extend([await receive(), await receive()])

    messages = [{"type": "http.request"}, {"type": "http.disconnect"}]
    asgi(GuardAsgi(app, KEYED), headers=signed(), messages=messages)
    assert received == messages


@pytest.mark.parametrize(
    ("make_marks", "reason"),
    [
        (lambda: MARKED, "malformed_id"),
        (lambda: {**signed("POST", "/", b"body"), "X-Shadow-Request": "false"}, "malformed_mark"),
        (lambda: signed("POST", "/other", b"body"), "wrong_signature"),
        (lambda: signed("POST", "/", b"other"), "wrong_body"),
        (lambda: signed("POST", "/", b"body", age=3600), "stale"),
    ],
)
@pytest.mark.parametrize("mode", ["marked", "always"])
def test_a_mark_that_does_not_hold_is_refused_and_the_app_is_not_called(
    make_marks: Callable[[], dict[str, str]], reason: str, mode: Any
) -> None:
    app = Untouched()
    policy = GuardPolicy(mode=mode, key=KEY)
    exchange = asgi(GuardAsgi(app, policy), "POST", "/", make_marks(), chunks=[b"body"])
    assert exchange.status == 403
    assert exchange.header("content-type") == ["application/json"]
    assert exchange.header("content-length") == [str(len(exchange.body))]
    assert json.loads(exchange.body)["error"] == "shadow request refused"
    assert json.loads(exchange.body)["reason"]
    assert not hasattr(app, "given")
    assert counts.read() == {reason: 1}


def test_a_replay_is_refused_and_says_so() -> None:
    app, marks = GuardAsgi(tells, KEYED), signed()
    assert asgi(app, headers=marks).status == 200
    again = asgi(app, headers=marks)
    assert again.status == 403
    assert "seen before" in json.loads(again.body)["reason"]
    assert asgi(GuardAsgi(tells, KEYED), headers=marks).status == 403


def test_somebody_elses_body_does_not_use_up_an_id() -> None:
    app, marks = GuardAsgi(tells, KEYED), signed("POST", "/", b"mine")
    assert asgi(app, "POST", "/", marks, chunks=[b"yours"]).status == 403
    assert asgi(app, "POST", "/", marks, chunks=[b"mine"]).status == 200


def test_of_replays_that_arrive_together_one_is_served() -> None:
    async def all_at_once() -> list[int]:
        app, marks = GuardAsgi(tells, KEYED), signed()
        exchanges = await asyncio.gather(*(call_asgi(app, headers=marks) for _ in range(20)))
        return sorted(exchange.status for exchange in exchanges)

    assert asyncio.run(all_at_once()) == [200] + [403] * 19


def test_a_body_over_the_limit_is_refused_before_it_is_read_to_its_end() -> None:
    limit = KEYED.body_limit
    body = b"x" * (limit + 1)
    messages = [*body_messages(body, b"more"), {"type": "never read"}]
    exchange = asgi(GuardAsgi(tells, KEYED), "POST", "/", signed("POST", "/", body), messages=messages)
    assert exchange.status == 413
    assert exchange.received == 1


def test_a_body_that_goes_over_the_limit_by_its_last_byte_is_too_large() -> None:
    body = b"x" * (KEYED.body_limit + 1)
    exchange = asgi(GuardAsgi(tells, KEYED), "POST", "/", signed("POST", "/", body), chunks=[body[:-1], b"x"])
    assert exchange.status == 413


def test_a_body_of_exactly_the_limit_is_served() -> None:
    body = b"x" * KEYED.body_limit
    exchange = asgi(GuardAsgi(tells, KEYED), "POST", "/", signed("POST", "/", body), chunks=[body])
    assert exchange.status == 200


def test_a_client_that_goes_away_before_its_body_is_complete_is_not_served() -> None:
    app = Untouched()
    messages = [body_messages(b"half", b"")[0], {"type": "http.disconnect"}]
    exchange = asgi(GuardAsgi(app, KEYED), "POST", "/", signed("POST", "/", b"half"), messages=messages)
    assert exchange.sent == []
    assert not hasattr(app, "given")
    assert counts.read() == {"abandoned": 1}


def test_a_refused_head_request_is_answered_without_a_body() -> None:
    exchange = asgi(GuardAsgi(tells, KEYED), "HEAD", headers=MARKED)
    assert exchange.body == b""
    assert int(exchange.header("content-length")[0]) > 0
