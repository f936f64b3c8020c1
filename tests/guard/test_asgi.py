from __future__ import annotations

import asyncio
import contextvars
import json
import re
from typing import Any

import pytest

from shadowtap.context import ShadowScope, is_shadow, shadow
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.counts import counts
from shadowtap.guard.policy import GuardPolicy
from tests.guard.driving import Exchange, asgi, call_asgi, http_scope
from tests.guard.marks import KEY, MARKED, signed

OPEN = GuardPolicy(mode="marked")
KEYED = GuardPolicy(mode="marked", key=KEY, max_body=1000)
ALWAYS = GuardPolicy(mode="always")
START = {"type": "http.response.start", "status": 200, "headers": [(b"x-app", b"1")]}
TIMING = re.compile(r"shadowtap;dur=\d+\.\d{3}")


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


async def effects(scope: Any, receive: Any, send: Any) -> None:
    """Have two effects blocked before the answer starts, and one after that."""
    shadow.get().record("send_mail")  # type: ignore[union-attr]
    shadow.get().record("charge")  # type: ignore[union-attr]
    await send(START)
    shadow.get().record("late")  # type: ignore[union-attr]
    await send({"type": "http.response.body", "body": b""})


class Untouched:
    """An app that keeps what it was called with."""

    async def __call__(self, *given: Any) -> None:
        self.given = given


def test_an_ordinary_request_gets_the_servers_own_objects() -> None:
    app = Untouched()
    exchange = Exchange({"type": "http", "method": "GET", "headers": [(b"accept", b"*/*")]}, [])
    receive, send = exchange.receive, exchange.send
    asyncio.run(GuardAsgi(app, KEYED)(exchange.scope, receive, send))
    assert app.given == (exchange.scope, receive, send)
    assert app.given[0] is exchange.scope
    assert counts.read() == {"unmarked": 1}


@pytest.mark.parametrize("kind", ["lifespan", "something.new"])
@pytest.mark.parametrize("policy", [OPEN, ALWAYS])
def test_what_is_not_a_request_gets_the_servers_own_objects(kind: str, policy: GuardPolicy) -> None:
    app = Untouched()
    exchange = Exchange({"type": kind}, [])
    given = (exchange.scope, exchange.receive, exchange.send)
    asyncio.run(GuardAsgi(app, policy)(*given))
    assert app.given == given


def test_a_marked_request_is_a_shadow_request_and_an_ordinary_one_is_not() -> None:
    app = GuardAsgi(tells, OPEN)
    assert json.loads(asgi(app, headers=MARKED).body) == [True, [""]]
    assert json.loads(asgi(app).body) == [False, [""]]
    assert not is_shadow()


def test_in_mode_always_every_request_is_a_shadow_request() -> None:
    exchange = asgi(GuardAsgi(tells, ALWAYS))
    assert json.loads(exchange.body) == [True, [""]]
    assert exchange.sent[0] == START
    assert counts.read() == {"guarded": 1}


def test_the_answer_to_a_mirror_tells_the_apps_time_after_the_apps_own_headers() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        timing = (b"server-timing", b"db;dur=53")
        await send({**START, "headers": (pair for pair in [timing, (b"x-app", b"1")])})

    headers = asgi(GuardAsgi(app, OPEN), headers=MARKED).sent[0]["headers"]
    assert headers[:2] == [(b"server-timing", b"db;dur=53"), (b"x-app", b"1")]
    assert [name for name, _ in headers[2:]] == [b"server-timing"]
    assert TIMING.fullmatch(headers[2][1].decode())


def test_the_time_counts_from_admission_to_the_start_of_the_answer() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        await send(START)
        await asyncio.sleep(0.1)

    timing = asgi(GuardAsgi(app, OPEN), headers=MARKED).header("server-timing")[0]
    assert 50 <= float(timing.split("=")[1]) < 100


def test_the_answer_to_a_mirror_names_the_effects_that_were_blocked_before_it_started() -> None:
    exchange = asgi(GuardAsgi(effects, OPEN), headers=MARKED)
    assert exchange.header("x-shadow-effects") == ['blocked=2, effects=("send_mail" "charge")']


def test_nobody_but_a_mirror_is_told_of_effects() -> None:
    assert asgi(GuardAsgi(effects, ALWAYS)).sent[0] == START


def test_the_message_of_the_app_is_not_changed() -> None:
    headers = [(b"x-app", b"1")]
    start = {"type": "http.response.start", "status": 200, "headers": headers}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start)

    asgi(GuardAsgi(app, OPEN), headers=MARKED)
    assert start == {"type": "http.response.start", "status": 200, "headers": [(b"x-app", b"1")]}
    assert start["headers"] is headers


def test_a_start_without_headers_is_one_of_an_app_without_headers() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204})

    exchange = asgi(GuardAsgi(app, OPEN), headers=MARKED)
    assert [name for name, _ in exchange.sent[0]["headers"]] == [b"server-timing"]


def test_every_other_message_passes_as_it_is() -> None:
    messages: list[dict[str, Any]] = [
        {"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]},
        {"type": "http.response.push", "path": "/a", "headers": []},
        {"type": "http.response.debug", "info": {}},
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.pathsend", "path": "/tmp/a"},
        {"type": "http.response.zerocopysend", "file": object()},
        {"type": "http.response.trailers", "headers": [], "more_trailers": False},
        {"type": "something.new"},
    ]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    sent = asgi(GuardAsgi(app, OPEN), headers=MARKED).sent
    assert all(one is other for one, other in zip(sent, messages, strict=True))


def test_an_exception_of_the_app_reaches_the_server_and_ends_the_scope() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("the app's own")

    async def call() -> bool:
        with pytest.raises(LookupError, match="the app's own"):
            await call_asgi(GuardAsgi(app, OPEN), headers=MARKED)
        return is_shadow()

    assert asyncio.run(call()) is False


def test_what_the_server_does_is_no_part_of_the_request() -> None:
    seen: list[bool] = []

    async def receive() -> dict[str, Any]:
        seen.append(is_shadow())
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        seen.append(is_shadow())

    asyncio.run(GuardAsgi(tells, OPEN)(http_scope(headers=MARKED), receive, send))
    assert seen == [False, False, False]


def test_tasks_and_threads_of_asyncio_belong_to_the_request_even_when_it_has_ended() -> None:
    seen: dict[str, bool] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def orphan() -> None:
            await ended.wait()
            seen["orphan"] = is_shadow()

        seen["thread"] = await asyncio.to_thread(is_shadow)
        tasks.append(asyncio.create_task(orphan()))
        await send(START)
        seen["after the answer"] = is_shadow()

    async def call() -> None:
        global_before = is_shadow()
        await call_asgi(GuardAsgi(app, OPEN), headers=MARKED)
        assert not global_before
        assert not is_shadow()
        ended.set()
        await tasks[0]

    ended = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []
    asyncio.run(call())
    assert seen == {"thread": True, "after the answer": True, "orphan": True}


def test_what_a_shadow_request_calls_in_its_own_process_is_a_part_of_it() -> None:
    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        outer = shadow.get()
        inner = await call_asgi(GuardAsgi(effects, KEYED), headers=MARKED)
        assert inner.sent[0] == START
        assert shadow.get() is outer
        await send(START)

    exchange = asgi(GuardAsgi(gateway, OPEN), headers=MARKED)
    assert exchange.header("x-shadow-effects") == ['blocked=3, effects=("send_mail" "charge" "late")']


def test_a_request_that_is_given_up_and_closed_elsewhere_does_not_touch_another_ones_scope() -> None:
    async def hangs(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    first = call_asgi(GuardAsgi(hangs, OPEN), headers=MARKED)

    async def start() -> None:
        # Runs up to the first wait of the app, in a context of its own.
        contextvars.copy_context().run(first.send, None)
        shadow.set(ShadowScope("another one"))
        first.close()
        assert is_shadow()

    asyncio.run(start())


@pytest.mark.parametrize(("policy", "headers"), [(OPEN, MARKED), (KEYED, signed()), (ALWAYS, {})])
def test_a_websocket_of_a_shadow_request_is_closed_before_it_is_open(
    policy: GuardPolicy, headers: dict[str, str]
) -> None:
    app = Untouched()
    exchange = asgi(
        GuardAsgi(app, policy), headers=headers, type="websocket", messages=[{"type": "websocket.connect"}]
    )
    assert [(m["type"], m["code"]) for m in exchange.sent] == [("websocket.close", 1008)]
    assert not hasattr(app, "given")
    assert counts.read() == {"websocket": 1}


def test_a_websocket_whose_client_has_gone_needs_no_closing() -> None:
    messages = [{"type": "websocket.disconnect"}]
    exchange = asgi(GuardAsgi(Untouched(), OPEN), headers=MARKED, type="websocket", messages=messages)
    assert exchange.sent == []


def test_an_ordinary_websocket_gets_the_servers_own_objects() -> None:
    app = Untouched()
    exchange = Exchange({"type": "websocket", "headers": []}, [])
    given = (exchange.scope, exchange.receive, exchange.send)
    asyncio.run(GuardAsgi(app, KEYED)(*given))
    assert app.given == given
