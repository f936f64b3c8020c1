from __future__ import annotations

import asyncio
from contextvars import ContextVar, copy_context
from typing import Any

import pytest

from shadowtap.context import ShadowScope, is_shadow, shadow
from shadowtap.guard.outside import outside

words: ContextVar[str] = ContextVar("words", default="none")


def in_shadow(main: Any) -> Any:
    async def run() -> Any:
        shadow.set(ShadowScope("id"))
        return await main()

    return asyncio.run(run())


def test_a_servers_function_runs_outside_before_and_after_each_wait() -> None:
    seen: list[bool] = []

    async def send(message: str) -> str:
        seen.append(is_shadow())
        await asyncio.sleep(0)
        seen.append(is_shadow())
        return message.upper()

    async def main() -> str:
        result = await outside(send, "a")
        assert is_shadow()
        return result

    assert in_shadow(main) == "A"
    assert seen == [False, False]


def test_tasks_and_callbacks_of_the_server_are_outside_too() -> None:
    seen: list[bool] = []

    async def task() -> None:
        seen.append(is_shadow())

    async def send() -> None:
        asyncio.get_running_loop().call_soon(lambda: seen.append(is_shadow()))
        await asyncio.create_task(task())

    in_shadow(lambda: outside(send))
    assert seen == [False, False]


def test_while_the_server_is_waited_for_the_apps_other_tasks_stay_inside() -> None:
    async def main() -> None:
        async def server() -> None:
            await written.wait()

        async def sender() -> None:
            await outside(server)

        async def other() -> None:
            seen.append(is_shadow())
            written.set()

        written = asyncio.Event()
        # Both in the very same context, as Django's signals run their receivers.
        context = copy_context()
        await asyncio.gather(*(asyncio.create_task(task(), context=context) for task in (sender, other)))

    seen: list[bool] = []
    in_shadow(main)
    assert seen == [True]


def test_a_middleware_around_the_guard_sees_what_the_app_has_set() -> None:
    async def send() -> str:
        return words.get()

    async def main() -> str:
        words.set("the app's")
        return await outside(send)

    assert in_shadow(main) == "the app's"


def test_an_exception_of_the_server_reaches_the_app() -> None:
    async def send() -> None:
        await asyncio.sleep(0)
        raise OSError("client gone")

    with pytest.raises(OSError, match="client gone"):
        in_shadow(lambda: outside(send))


def test_a_cancellation_reaches_the_server_which_may_clean_up() -> None:
    cleaned: list[bool] = []

    async def receive() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(is_shadow())

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(outside(receive), 0.01)

    in_shadow(main)
    assert cleaned == [False]


def test_a_server_may_refuse_to_be_cancelled() -> None:
    async def receive() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "still here"
        raise AssertionError

    async def main() -> str:
        task = asyncio.create_task(call())
        await asyncio.sleep(0)
        task.cancel()
        return await task

    async def call() -> str:
        return await outside(receive)

    assert in_shadow(main) == "still here"


def test_a_call_that_is_given_up_closes_the_servers_coroutine() -> None:
    closed: list[bool] = []

    async def receive() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            closed.append(is_shadow())

    async def app() -> None:
        await outside(receive)

    async def main() -> None:
        coroutine = app()
        coroutine.send(None)
        coroutine.close()

    in_shadow(main)
    assert closed == [False]


def test_a_function_that_returns_a_future_can_be_called() -> None:
    async def main() -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, "done")
        return await outside(lambda: future)

    assert in_shadow(main) == "done"
