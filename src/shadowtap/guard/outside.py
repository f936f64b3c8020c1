"""Run a server's coroutine in a context that does not belong to the shadow request."""

from __future__ import annotations

import types
from collections.abc import Awaitable, Callable, Generator
from contextvars import copy_context
from typing import Any, TypeVar

from shadowtap.context import shadow

T = TypeVar("T")


@types.coroutine
def outside(call: Callable[..., Awaitable[T]], *args: Any) -> Generator[Any, Any, T]:
    """Call and await a server's function from within a shadow request, but outside of it.

    From within ``send`` and ``receive`` servers begin the next request of the
    connection and watch its socket anew, and asyncio hands the context on to
    both: without this, all that comes later on that connection would belong to
    this shadow request.

    The context is a copy, and not the app's own with the mark taken out for a
    while: another task that shares the app's context must not lose the mark.
    """
    context = copy_context()
    context.run(shadow.set, None)
    coroutine = _awaited(call, args)
    step: Callable[[Any], Any] = coroutine.send
    given: Any = None
    try:
        while True:
            try:
                waits_for = context.run(step, given)
            except StopIteration as end:
                result: T = end.value
                return result
            try:
                step, given = coroutine.send, (yield waits_for)
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - a cancellation, say: the coroutine's to handle
                step, given = coroutine.throw, error
    finally:
        context.run(coroutine.close)


async def _awaited(call: Callable[..., Awaitable[T]], args: tuple[Any, ...]) -> T:
    return await call(*args)
