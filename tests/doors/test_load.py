"""Many threads at the same time: nothing is lost and nothing counted twice."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from shadowtap import asgi, wsgi
from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from shadowtap.settings import Target
from tests.support.apps import asgi_echo, wsgi_echo
from tests.support.calling import asgi_scope, messages, read_asgi, read_wsgi, wsgi_environ
from tests.support.collecting import SHADOW, Collected

THREADS, EACH = 32, 500
TWO = (Target(name="a", url="http://a.example"), Target(name="b", url="http://b.example", percent=10.0))


@pytest.fixture(autouse=True)
def restless() -> Iterator[None]:
    """Let threads interrupt each other far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.load
@pytest.mark.parametrize("decorated", [False, True])
def test_the_totals_of_many_threads_are_exact(
    collected: Collected, monkeypatch: pytest.MonkeyPatch, decorated: bool
) -> None:
    monkeypatch.setattr(seen, "any", decorated)
    door = wsgi.MirrorMiddleware(wsgi_echo, targets=TWO, percent=50, exclude=["/excluded"])
    barrier = threading.Barrier(THREADS)
    wrong: list[Any] = []

    def work(thread: int) -> None:
        barrier.wait()
        for number in range(EACH):
            body = b"%d-%d" % (thread, number)
            path = "/excluded" if number % 5 == 0 else "/copied"
            if read_wsgi(door, wsgi_environ("POST", path, (), body)).body != body:
                wrong.append(body)

    in_threads(work, THREADS)
    assert not wrong
    excluded, rest = THREADS * EACH // 5, THREADS * EACH * 4 // 5
    assert collected.outcomes("a") == {
        "copied": rest // 2,
        Outcome.NOT_SAMPLED: rest // 2,
        Outcome.EXCLUDED: excluded,
    }
    assert collected.outcomes("b") == {
        "copied": rest // 10,
        Outcome.NOT_SAMPLED: rest * 9 // 10,
        Outcome.EXCLUDED: excluded,
    }
    assert all(e.request.body == e.response.body for e in collected.exchanges)
    assert not [
        body for body, times in Counter(e.request.body for e in collected.exchanges).items() if times > 1
    ]


def in_threads(work: Any, number: int) -> None:
    threads = [threading.Thread(target=work, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.load
def test_the_totals_of_many_loops_are_exact(collected: Collected) -> None:
    door = asgi.MirrorMiddleware(asgi_echo, target=SHADOW, percent=50)

    def work(thread: int) -> None:
        async def requests() -> None:
            for number in range(50):
                bodies = [b"%d-%d-%d" % (thread, number, task) for task in range(20)]
                calls = [read_asgi(door, asgi_scope("POST", body=b), messages(b)) for b in bodies]
                assert [answer.body for answer in await asyncio.gather(*calls)] == bodies

        asyncio.run(requests())

    in_threads(work, 8)
    assert collected.outcomes() == {"copied": 4000, Outcome.NOT_SAMPLED: 4000}
    assert all(e.request.body == e.response.body for e in collected.exchanges)
