"""``side_effect``: the app's own functions that must not run in a shadow request."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast, overload

from shadowtap.context import ShadowScope, shadow
from shadowtap.exceptions import ShadowEffectBlocked

F = TypeVar("F", bound=Callable[..., Any])


class _Absent:
    """No ``instead``: the function has nothing that could stand for its result."""


_ABSENT = _Absent()


@overload
def side_effect(function: F, /) -> F: ...
@overload
def side_effect(*, instead: Any = ..., name: str | None = None) -> Callable[[F], F]: ...
def side_effect(
    function: F | None = None, /, *, instead: Any = _ABSENT, name: str | None = None
) -> F | Callable[[F], F]:
    """Keep a function from being called in a shadow request.

    There, the effect is recorded, and ``instead`` is returned. Outside, the
    function is called as ever.

    Args:
        function: The function or coroutine function. For methods, stands directly above ``def``.
        instead: What a call returns in a shadow request. A callable is called with the
            call's own arguments, and its result is returned; for a coroutine function it
            may be a coroutine function too.
        name: What the effect is called in ``X-Shadow-Effects``; the function's own name if absent.

    Raises:
        ShadowEffectBlocked: by the decorated function, in a shadow request, when there is no ``instead``.
        TypeError: what is decorated is a generator function, a class or a descriptor, or
            ``instead`` is a coroutine function and the function is not.
    """
    if function is not None:
        return _decorated(function, instead, name)
    return lambda function: _decorated(function, instead, name)


def _decorated(function: F, instead: Any, name: str | None) -> F:
    _check(function, instead)
    effect = name if name is not None else _name(function)
    if _is_async(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            scope = shadow.get()
            if scope is None:
                return await function(*args, **kwargs)
            result = _blocked(scope, effect, instead, args, kwargs)
            return await result if inspect.isawaitable(result) else result

        return cast(F, awaited)

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        scope = shadow.get()
        if scope is None:
            return function(*args, **kwargs)
        return _blocked(scope, effect, instead, args, kwargs)

    return cast(F, called)


def _blocked(
    scope: ShadowScope, effect: str, instead: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    # First of all, because apps swallow exceptions.
    scope.record(effect)
    if instead is _ABSENT:
        raise ShadowEffectBlocked(effect)
    return instead(*args, **kwargs) if callable(instead) else instead


def _check(function: Any, instead: Any) -> None:
    if isinstance(function, staticmethod | classmethod | property):
        raise TypeError(f"@side_effect must stand below @{type(function).__name__}, directly above def")
    if inspect.isclass(function) or not callable(function):
        raise TypeError(f"@side_effect takes a function, not {function!r}")
    called = _code_of(function)
    if inspect.isgeneratorfunction(called) or inspect.isasyncgenfunction(called):
        raise TypeError(
            f"@side_effect cannot take the generator function {_name(function)}: its effects happen while it "
            "is iterated; decorate the function that has the effect"
        )
    if callable(instead) and _is_async(instead) and not _is_async(function):
        raise TypeError(f"{_name(function)} is not a coroutine function, so its instead cannot be one")


def _is_async(function: Any) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(_code_of(function))


def _code_of(function: Any) -> Any:
    """Return what runs when a callable is called: below a partial, or the method of a callable object."""
    while isinstance(function, functools.partial):
        function = function.func
    return function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004 - its own method is wanted


def _name(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    name: str = getattr(function, "__qualname__", type(function).__qualname__)
    return name.rpartition("<locals>.")[2]
