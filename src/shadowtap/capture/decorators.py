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
from collections.abc import Callable
from typing import Any, TypeVar, cast, overload

from shadowtap.capture.sampling import Positions
from shadowtap.context import Share, mirrored
from shadowtap.settings import check_percent

F = TypeVar("F", bound=Callable[..., Any])

ATTRIBUTE = "__shadowtap_share__"


class MarkedShare(Share):
    """A share with its own sequence of positions, so that its percent is exact by itself."""

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
    if endpoint is not None:
        return _marked(endpoint, MarkedShare())
    return lambda function: _marked(function, MarkedShare(percent=percent))


def no_mirror(endpoint: F) -> F:
    """Never mirror this endpoint, whatever the settings and rules say."""
    return _marked(endpoint, MarkedShare(never=True))


def _marked(function: F, share: MarkedShare) -> F:
    seen.any = True
    seen.never = seen.never or share.never
    # On the function itself too: a framework may have registered it already, below this decorator.
    setattr(function, ATTRIBUTE, share)
    if inspect.isclass(function):
        return function
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            _tell(share)
            return await function(*args, **kwargs)

        return cast(F, awaited)

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        _tell(share)
        return function(*args, **kwargs)

    return cast(F, called)


def _tell(share: Share) -> None:
    request = mirrored.get()
    if request is not None:
        request.mark(share)


def share_of(endpoint: object) -> MarkedShare | None:
    """Return the mark of an endpoint: a function, a class, or a view made from a class."""
    for candidate in (endpoint, getattr(endpoint, "view_class", None), getattr(endpoint, "cls", None)):
        share = getattr(candidate, ATTRIBUTE, None)
        if isinstance(share, MarkedShare):
            return share
    return None
