"""The ASGI door, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from shadowtap.outcome import Outcome
from tests.doors.asgi_messages import END, EXTENSIONS, PART, START, answering, mirrored, sent_by
from tests.doors.asgi_rules import BrokenRule, Checked
from tests.support.apps import asgi_body, asgi_deaf, asgi_echo
from tests.support.calling import asgi_scope, call_asgi, messages, read_asgi
from tests.support.collecting import Collected


@pytest.mark.parametrize("what", EXTENSIONS)
def test_all_messages_of_the_app_pass_as_they_are(collected: Collected, what: str) -> None:
    sent = asyncio.run(sent_by(mirrored(answering(EXTENSIONS[what]))))
    assert len(sent) == len(EXTENSIONS[what])
    assert all(ours is its for ours, its in zip(sent, EXTENSIONS[what], strict=True))
    assert collected.outcomes() == {"copied": 1}


@pytest.mark.parametrize(
    ("what", "truncated"),
    [
        ("early hints", False),
        ("trailers", False),
        ("a file by its path", True),
        ("a file by its number", True),
        ("something to come", False),
        ("nothing", True),
        ("no end", True),
    ],
)
def test_the_copy_knows_whether_it_saw_the_whole_answer(
    collected: Collected, what: str, truncated: bool
) -> None:
    asyncio.run(sent_by(mirrored(answering(EXTENSIONS[what]))))
    assert collected.only.response.truncated is truncated


def test_an_answer_of_file_and_body_was_not_seen_whole(collected: Collected) -> None:
    file = {"type": "http.response.zerocopysend", "file": 9, "more_body": True}
    asyncio.run(sent_by(mirrored(answering([START, file, END]))))
    assert collected.only.response.truncated


def test_all_messages_of_the_server_pass_as_they_are(collected: Collected) -> None:
    incoming = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.future", "anything": object()},
        {"type": "http.request"},
        {"type": "http.disconnect"},
    ]
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.extend([await receive() for _ in incoming])

    asyncio.run(read_asgi(mirrored(app), asgi_scope(), iter(incoming)))
    assert all(ours is its for ours, its in zip(got, incoming, strict=True))


def test_the_scope_that_is_passed_on_is_the_same(collected: Collected) -> None:
    scope = {**asgi_scope("POST", "/", body=b"x"), "extensions": {"http.response.future": {}}}
    before = dict(scope)
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.append(scope)
        await asgi_deaf(scope, receive, send)

    asyncio.run(sent_by(mirrored(app), scope))
    assert got[0] is scope
    assert scope == before


@pytest.mark.parametrize("kind", ["websocket", "something.new"])
def test_what_is_no_request_passes_untouched(collected: Collected, kind: str) -> None:
    given: list[Any] = [{"type": kind}, object(), object()]
    got: list[Any] = []

    async def app(*arguments: Any) -> None:
        got.extend(arguments)

    asyncio.run(mirrored(app)(*given))
    assert all(ours is its for ours, its in zip(got, given, strict=True))
    assert collected.outcomes() == ({Outcome.UPGRADE: 1} if kind == "websocket" else {})


def test_a_request_that_is_not_captured_passes_untouched(collected: Collected) -> None:
    given: list[Any] = [asgi_scope(), object(), object()]
    got: list[Any] = []

    async def app(*arguments: Any) -> None:
        got.extend(arguments)

    asyncio.run(mirrored(app, percent=0)(*given))
    assert all(ours is its for ours, its in zip(got, given, strict=True))


def test_each_part_of_an_answer_is_sent_before_the_next_is_made(collected: Collected) -> None:
    order: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        for number in range(3):
            order.append(f"made {number}")
            await send({**PART, "body": str(number).encode()})
        await send(END)

    async def send(message: Any) -> None:
        if message.get("more_body"):
            order.append(f"sent {message['body'].decode()}")

    asyncio.run(mirrored(app)(asgi_scope(), None, send))
    assert order == ["made 0", "sent 0", "made 1", "sent 1", "made 2", "sent 2"]


def test_a_request_is_received_only_when_the_app_asks_for_it(collected: Collected) -> None:
    async def receive() -> Any:
        raise AssertionError("nobody asked")

    async def send(message: Any) -> None: ...

    asyncio.run(mirrored(asgi_deaf)(asgi_scope("POST", body=b"x"), receive, send))
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 1}


def test_the_copy_does_not_wait_for_work_after_the_answer(collected: Collected) -> None:
    seen_at_work: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asgi_deaf(scope, receive, send)
        seen_at_work.append(len(collected.exchanges))

    asyncio.run(sent_by(mirrored(app)))
    assert seen_at_work == [1]


HEADERS: dict[str, Callable[[], Any]] = {
    "tuples": lambda: ((b"a", b"b"), (b"a", b"c")),
    "lists": lambda: [[b"a", b"b"], [b"a", b"c"]],
    "an iterator": lambda: iter([(b"a", b"b"), (b"a", b"c")]),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_headers_of_any_form_reach_the_server_unread(collected: Collected, kind: str) -> None:
    sent = asyncio.run(sent_by(mirrored(answering([{**START, "headers": HEADERS[kind]()}, END]))))
    assert [tuple(field) for field in sent[0]["headers"]] == [(b"a", b"b"), (b"a", b"c")]


def test_parallel_tasks_may_receive_and_send(collected: Collected) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        gone = asyncio.ensure_future(receive())
        await send(START)
        await asyncio.gather(*(send(PART) for _ in range(5)))
        await send(END)
        assert (await gone)["type"] == "http.request"

    assert len(asyncio.run(sent_by(mirrored(app)))) == 7


def test_requests_at_the_same_time_do_not_mix(collected: Collected) -> None:
    async def many() -> None:
        app = mirrored(slow_echo)
        bodies = [str(number).encode() * 100 for number in range(100)]
        calls = [read_asgi(app, asgi_scope("POST", body=body), messages(body)) for body in bodies]
        answers = await asyncio.gather(*calls)
        assert [answer.body for answer in answers] == bodies

    async def slow_echo(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        await asgi_echo(scope, receive, send)
        await asyncio.sleep(0)

    asyncio.run(many())
    assert len(collected.exchanges) == 100
    assert all(exchange.request.body == exchange.response.body for exchange in collected.exchanges)


@pytest.mark.parametrize("what", [kind for kind in EXTENSIONS if kind != "no end"])
def test_both_sides_of_the_door_keep_to_the_specification(collected: Collected, what: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asgi_body(receive)
        for message in EXTENSIONS[what]:
            await send(message)

    inside = Checked(app)
    outside = Checked(mirrored(inside))
    call_asgi(outside, "POST", "/a?b=c", body=[b"x", b"y"])
    assert (inside.calls, outside.calls) == (1, 1)


def test_the_checker_sees_what_is_broken() -> None:
    for broken in ([END], [START, START], [START, END, END], [{**START, "status": "200"}]):
        with pytest.raises(BrokenRule):
            asyncio.run(sent_by(Checked(answering(broken))))
