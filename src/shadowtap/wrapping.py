"""``wrap``: one line for any app, on either side."""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

from shadowtap import asgi, wsgi
from shadowtap.door import guard_for, mirror_for, role_for

A = TypeVar("A")


def wrap(app: A, **settings: Any) -> A:
    """Put an app behind its door: the mirror on the primary, the guard on the shadow.

    Takes a Flask app, a FastAPI or Starlette app, or any WSGI or ASGI callable.
    The role comes from ``SHADOWTAP_ROLE`` (or ``role=``) and is ``primary`` when
    absent; without a target nothing happens, and the app itself is returned.
    Flask and Starlette objects are changed in place and returned, so that their
    decorators still work on the result.

    Raises:
        SettingsError: a setting is wrong.
        TypeError: ``app`` is neither a WSGI nor an ASGI app.
    """
    shadow = role_for(settings) == "shadow"
    inner = getattr(app, "wsgi_app", None)
    if callable(inner):
        outer = (wsgi.GuardMiddleware if shadow else wsgi.MirrorMiddleware)(inner, **settings)
        if outer is not inner:
            app.wsgi_app = outer  # type: ignore[attr-defined]
        return app
    if callable(getattr(app, "add_middleware", None)) and hasattr(app, "middleware_stack"):
        # Starlette makes its middleware later; where there is nothing to be made, it is left as it is.
        if (guard_for(settings) if shadow else mirror_for(settings)) is not None:
            app.add_middleware(asgi.GuardMiddleware if shadow else asgi.MirrorMiddleware, **settings)  # type: ignore[attr-defined]
        return app
    door = asgi if is_asgi(app) else wsgi
    wrapped: A = (door.GuardMiddleware if shadow else door.MirrorMiddleware)(app, **settings)
    return wrapped


def is_asgi(app: object) -> bool:
    """Tell an ASGI app (a coroutine function of three arguments) from a WSGI app (a function of two).

    Raises:
        TypeError: it is neither.
    """
    if not callable(app):
        raise TypeError(f"shadowtap.wrap takes a WSGI or ASGI app, not {type(app).__name__}")
    if any(map(inspect.iscoroutinefunction, (app, type(app).__call__))):
        return True
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return False
    number = sum(p.kind in _POSITIONAL and p.default is p.empty for p in parameters)
    if number not in (0, 2, 3):
        raise TypeError("shadowtap.wrap takes a WSGI app of two arguments or an ASGI app of three")
    return number == 3


_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
