"""What the framework's routing found, read after the fact from what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from shadowtap.capture.decorators import MarkedShare, seen, share_of


class Endpoint(NamedTuple):
    """The endpoint of a request, as far as it is known."""

    share: MarkedShare | None = None
    """Its mark."""
    route: str = ""
    """Its route template, e.g. ``/users/{id}``; empty when unknown."""
    hidden: bool = False
    """The request was answered before it was routed, in an app that has endpoints never to be mirrored."""


UNKNOWN = Endpoint()


def from_scope(scope: Mapping[str, Any]) -> Endpoint:
    """Read Starlette's and FastAPI's routing: the router leaves its find in the ASGI scope."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        # "app" is set by the application object, "router" when routing begins.
        return Endpoint(hidden=seen.never) if "app" in scope and "router" not in scope else UNKNOWN
    route = scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    return Endpoint(share_of(endpoint), template if isinstance(template, str) else "")


def from_environ(environ: Mapping[str, Any], app: object) -> Endpoint:
    """Read Flask's routing: Werkzeug leaves its request in the WSGI environ.

    ``app`` is the wrapped callable; of a Flask app it is the bound ``wsgi_app``.
    """
    request = environ.get("werkzeug.request")
    rule = getattr(request, "url_rule", None)
    if rule is None:
        return UNKNOWN
    flask = getattr(app, "__self__", app)
    views = getattr(flask, "view_functions", None)
    view = views.get(rule.endpoint) if isinstance(views, dict) else None
    return Endpoint(share_of(view), str(rule.rule))


def from_django(request: Any) -> Endpoint:
    """Read Django's routing; a request that was answered before it is routed here."""
    match = getattr(request, "resolver_match", None)
    if match is None and seen.never:
        match = _resolve(request)
    if match is None:
        return UNKNOWN
    return Endpoint(share_of(match.func), "/" + str(match.route).lstrip("^/"))


def _resolve(request: Any) -> Any:
    from django.urls import Resolver404, resolve

    try:
        return resolve(request.path_info, getattr(request, "urlconf", None))
    except Resolver404:
        return None
