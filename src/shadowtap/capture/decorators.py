"""What an endpoint says about itself: ``mirror`` and ``no_mirror``.

A mark is kept twice, because no single way reaches every framework. It is an
attribute of the function, which the doors read once the framework has routed
the request (this also covers requests that fail before the function is
called). And the returned function tells the request being captured, for
frameworks whose routing the doors do not know.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FunctionType
from typing import Any, TypeVar, cast, overload

from shadowtap.capture.sampling import Positions
from shadowtap.context import Share, mirrored
from shadowtap.settings import check_percent

F = TypeVar("F", bound=Callable[..., Any])

ATTRIBUTE = "__shadowtap_share__"


class MarkedShare(Share):
    """A share with its own sequence of positions, so that its percent is exact by itself.

    One for each decorator, not for each function: Django's ``method_decorator``
    decorates anew for every request.
    """

    __slots__ = ("positions",)

    def __init__(self, *, never: bool = False, percent: float | None = None) -> None:
        super().__init__(never=never, percent=percent)
        self.positions = Positions()


class _Seen:
    """Which kinds of marks exist in this process: without any, sampling can be done early."""

    any = False
    never = False


seen = _Seen()


@overload
def mirror(endpoint: F) -> F: ...
@overload
def mirror(*, percent: float | None = None) -> Callable[[F], F]: ...
def mirror(endpoint: F | None = None, *, percent: float | None = None) -> F | Callable[[F], F]:
    """Mirror this endpoint, with a share of its own if ``percent`` (0 to 100) is given.

    With ``select = "marked"`` only endpoints that carry this mark are mirrored.

    Raises:
        SettingsError: ``percent`` is not a number from 0 to 100.
    """
    if percent is not None:
        percent = check_percent(percent, "@mirror(percent=...)")
    share = MarkedShare(percent=percent)
    if endpoint is not None:
        return _marked(endpoint, share)
    return lambda function: _marked(function, share)


def no_mirror(endpoint: F) -> F:
    """Never mirror this endpoint, whatever the settings, the rules or ``mirror`` say."""
    return _marked(endpoint, _NEVER)


_NEVER = MarkedShare(never=True)


def _marked(function: F, share: MarkedShare) -> F:
    seen.any = True
    seen.never = seen.never or share.never
    _write(function, share)
    if not inspect.isroutine(function):
        # A class, a partial, an object that can be called: frameworks look at what it is.
        return function
    tell = functools.partial(_tell, share)
    wrapper = _awaited(function, tell) if inspect.iscoroutinefunction(function) else _called(function, tell)
    # Frameworks resolve annotations that are strings in the globals of the function that they are given.
    at_home = FunctionType(
        wrapper.__code__,
        getattr(function, "__globals__", wrapper.__globals__),
        closure=wrapper.__closure__,
    )
    marked = functools.wraps(function)(at_home)
    _write(marked, share)
    return cast(F, marked)


def _called(function: Callable[..., Any], tell: Callable[[], None]) -> FunctionType:
    def called(*args: Any, **kwargs: Any) -> Any:
        tell()
        return function(*args, **kwargs)

    return cast(FunctionType, called)


def _awaited(function: Callable[..., Any], tell: Callable[[], None]) -> FunctionType:
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        tell()
        return await function(*args, **kwargs)

    return cast(FunctionType, awaited)


def _write(function: Any, share: MarkedShare) -> None:
    """Mark a function and all that it wraps: a framework may have registered what is below this decorator."""
    while function is not None:
        earlier = getattr(function, "__dict__", {}).get(ATTRIBUTE)
        if not (isinstance(earlier, MarkedShare) and earlier.never):
            # A bound method takes no attributes.
            with suppress(AttributeError, TypeError):
                setattr(function, ATTRIBUTE, share)
        function = getattr(function, "__wrapped__", None)


def _tell(share: Share) -> None:
    request = mirrored.get()
    if request is not None:
        request.mark(share)


def share_of(endpoint: object, method: str = "") -> MarkedShare | None:
    """Return the mark of an endpoint: a function, a class, a view made from a class, or its ``method``."""
    found: MarkedShare | None = None
    for candidate in _candidates(endpoint, method.lower()):
        share = getattr(candidate, ATTRIBUTE, None)
        if isinstance(share, MarkedShare) and (found is None or share.never):
            found = share
    return found


def _candidates(endpoint: object, method: str) -> Iterator[object]:
    yield endpoint
    for view in (endpoint, getattr(endpoint, "view_class", None), getattr(endpoint, "cls", None)):
        if inspect.isclass(view):
            # The method knows better than its class.
            handler = getattr(view, method, None) if method else None
            if handler is None and method == "head":
                handler = getattr(view, "get", None)
            yield handler
            yield view
