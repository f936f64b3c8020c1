from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shadowtap.context import is_shadow, shadow
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.side_effect import side_effect
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.driving import WsgiAnswer, call_asgi, environ
from tests.guard.marks import KEY, MARKED, signed

OPEN = GuardPolicy(mode="marked")
KEYED = GuardPolicy(mode="marked", key=KEY)
REQUESTS = 1000

lock = threading.Lock()
charged: list[str] = []


@side_effect(instead=None)
def charge(name: str) -> None:
    with lock:
        charged.append(name)


def expected(name: str) -> bool:
    return name.startswith("shadow")


def names() -> list[str]:
    mixed = [f"{'shadow' if number % 2 else 'plain'}-{number}" for number in range(REQUESTS)]
    random.Random(2).shuffle(mixed)
    return mixed


def marks(name: str) -> dict[str, str]:
    return {**MARKED, "X-Shadow-Id": name} if expected(name) else {}


def check(name: str, wrong: list[str]) -> None:
    scope = shadow.get()
    if is_shadow() != expected(name) or (scope is not None and scope.id != name):
        wrong.append(name)


def test_on_an_event_loop_no_request_is_taken_for_another() -> None:
    wrong: list[str] = []
    charged.clear()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"][1:]
        for _ in range(3):
            check(name, wrong)
            await asyncio.sleep(random.random() / 1000)
        charge(name)
        await asyncio.gather(*(asyncio.create_task(step(name)) for _ in range(2)))
        await asyncio.to_thread(check, name, wrong)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0)
        check(name, wrong)

    async def step(name: str) -> None:
        check(name, wrong)
        await asyncio.sleep(0)
        check(name, wrong)

    async def serve(guarded: GuardAsgi, name: str) -> list[str]:
        exchange = await call_asgi(guarded, target=f"/{name}", headers=marks(name))
        check("plain", wrong)
        return exchange.header("x-shadow-effects")

    async def all_at_once() -> list[list[str]]:
        guarded = GuardAsgi(app, OPEN)
        return await asyncio.gather(*(serve(guarded, name) for name in mixed))

    mixed = names()
    told = asyncio.run(all_at_once())
    assert wrong == []
    assert sorted(charged) == sorted(name for name in mixed if not expected(name))
    one = ['blocked=1, effects=("charge")']
    assert told == [one if expected(name) else [] for name in mixed]


def test_on_shared_threads_no_request_is_taken_for_another() -> None:
    wrong: list[str] = []
    charged.clear()

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        name = environ["PATH_INFO"][1:]
        check(name, wrong)
        charge(name)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return chunks(name)

    def chunks(name: str) -> Iterator[bytes]:
        for _ in range(3):
            check(name, wrong)
            yield b"x"
        check(name, wrong)

    def start(name: str) -> Any:
        answer = WsgiAnswer()
        result = guarded(environ(target=f"/{name}", headers=marks(name)), answer.start)
        check("plain", wrong)
        return name, answer, result, iter(result)

    def step(given: Any) -> None:
        _name, answer, _result, iterator = given
        answer.body += next(iterator, b"")
        check("plain", wrong)

    def close(given: Any) -> None:
        given[2].close()
        check("plain", wrong)

    guarded = GuardWsgi(app, OPEN)
    mixed = names()
    # Each answer is begun, continued and closed by whichever threads come along, many answers at a time.
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(start, mixed))
        for work in (step, step, step, step, close):
            list(pool.map(work, random.Random(3).sample(answers, len(answers))))
    assert wrong == []
    assert sorted(charged) == sorted(name for name in mixed if not expected(name))
    assert all(answer.body == b"xxx" for _, answer, _, _ in answers)


def test_signed_requests_are_told_from_ordinary_ones_under_load() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["wsgi.input"].read() + (b" shadow" if is_shadow() else b" plain")]

    def serve(name: str) -> None:
        body = name.encode()
        headers = signed("POST", "/", body) if expected(name) else {}
        answer = WsgiAnswer()
        result = guarded(environ("POST", "/", headers, body), answer.start)
        if b"".join(result) != body + (b" shadow" if expected(name) else b" plain"):
            wrong.append(name)

    wrong: list[str] = []
    guarded = GuardWsgi(app, KEYED)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(serve, names()))
    assert wrong == []
