"""Mirror real production requests, redacted, to a guarded shadow of the app's successor.

The public face: ``wrap`` around an app, or the middleware classes in
``shadowtap.asgi``, ``shadowtap.wsgi`` and ``shadowtap.django``; the decorators
``mirror``, ``no_mirror`` and ``side_effect``; and ``is_shadow``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = ["__version__", "is_shadow", "mirror", "no_mirror", "side_effect", "wrap"]

if TYPE_CHECKING:
    from shadowtap import asgi as asgi
    from shadowtap import django as django
    from shadowtap import wsgi as wsgi
    from shadowtap.capture.decorators import mirror, no_mirror
    from shadowtap.context import is_shadow
    from shadowtap.guard.side_effect import side_effect
    from shadowtap.wrapping import wrap

_HOMES = {
    "is_shadow": "shadowtap.context",
    "mirror": "shadowtap.capture.decorators",
    "no_mirror": "shadowtap.capture.decorators",
    "side_effect": "shadowtap.guard.side_effect",
    "wrap": "shadowtap.wrapping",
}
_DOORS = ("asgi", "wsgi", "django")


def __getattr__(name: str) -> object:
    # Loaded when first used: the courier and the guard need none of the doors, and vice versa.
    from importlib import import_module

    if name in _HOMES:
        found: object = getattr(import_module(_HOMES[name]), name)
    elif name in _DOORS:
        found = import_module(f"shadowtap.{name}")
    else:
        raise AttributeError(f"module 'shadowtap' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_DOORS})
