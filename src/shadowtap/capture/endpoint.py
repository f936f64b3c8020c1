"""What the framework's routing found, read after the fact from what it leaves behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shadowtap.capture.decorators import MarkedShare, seen, share_of
from shadowtap.capture.template import template_of


class Endpoint(NamedTuple):
    """The endpoint of a request, as far as it is known."""

    share: MarkedShare | None = None
    """Its mark."""
    route: str = ""
    """Its route template, e.g. ``/users/{id}``; empty when unknown."""
    hidden: bool = False
    """The request was answered before it was routed, in an app that has endpoints never to be mirrored."""


UNKNOWN = Endpoint()


def from_scope(scope: Mapping[str, Any], app: object, status: int) -> Endpoint:
    """Read the routing of Starlette and FastAPI, whose router leaves its find in the ASGI scope.

    Args:
        scope: The scope that the app was called with.
        app: What was called.
        status: The answer's status.
    """
    endpoint = scope.get("endpoint")
    if endpoint is None and "router" not in scope:
        if seen.any and (django := _django_in(app)):
            path = scope["path"].removeprefix(scope.get("root_path") or "")
            return _resolved(path, scope["method"], django)
        # "app" is set by the application object, "router" when routing begins.
        return Endpoint(hidden=seen.never and ("app" in scope or _starlette_in(app)))
    share = share_of(endpoint, scope["method"]) if seen.any and endpoint is not None else None
    # A router that finds nothing answers 404; else it has sent the client to the address of an endpoint.
    lost = seen.never and share is None and status != 404 and (endpoint is None or _starlette_in(endpoint))
    return Endpoint(share, template_of(scope), lost)


def from_environ(environ: Mapping[str, Any], app: object, flask: object, request: object) -> Endpoint:
    """Read Flask's routing: Werkzeug leaves its request in the WSGI environ.

    Args:
        environ: The environ that the app was called with.
        app: What was called.
        flask: What ``current_flask`` returned when the answer began.
        request: Werkzeug's request as it stood in the environ when the answer began.
    """
    request = request or environ.get("werkzeug.request")
    rule: Any = getattr(request, "url_rule", None)
    if rule is None:
        if seen.any and request is None and (django := _django_in(app)):
            return _resolved(_path_info(environ), environ["REQUEST_METHOD"], django)
        return Endpoint(hidden=seen.never and _lost(request, app))
    if not seen.any:
        return Endpoint(route=str(rule.rule))
    views = _views(rule, flask) or _views(rule, _flask_in(app))
    if views is None:
        return Endpoint(None, str(rule.rule), seen.never)
    return Endpoint(share_of(views.get(rule.endpoint), environ["REQUEST_METHOD"]), str(rule.rule))


def current_flask() -> object:
    """Return the Flask app that is serving; ``None`` where there is none."""
    flask = sys.modules.get("flask")
    return flask.current_app._get_current_object() if flask is not None and flask.current_app else None  # noqa: SLF001 - Werkzeug's documented way


def _views(rule: Any, flask: object) -> dict[str, Any] | None:
    """Return the views of an app, if the rule is one of its own."""
    views = getattr(flask, "view_functions", None)
    return views if isinstance(views, dict) and getattr(flask, "url_map", None) is rule.map else None


def _lost(request: object, app: object) -> bool:
    """Tell whether a request that Flask did not route may have been meant for one of its endpoints."""
    if request is None:
        return _flask_in(app) is not None
    # No such path: no endpoint. A wrong method or a missing slash: an endpoint that is not named.
    error = getattr(request, "routing_exception", None)
    return error is not None and getattr(error, "code", None) != 404


def from_django(request: Any) -> Endpoint:
    """Read Django's routing; a request that was answered before it is routed here."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return Endpoint(share_of(match.func, request.method), _route(match))
    return _resolved(request.path_info, request.method, request) if seen.never else UNKNOWN


def _resolved(path: str, method: str, request: object) -> Endpoint:
    from django.conf import settings
    from django.urls import Resolver404, resolve

    urls = getattr(request, "urlconf", None) or settings.ROOT_URLCONF
    # Without its last slash, a path is sent on to the one with it.
    for candidate in (path, path + "/"):
        try:
            match = resolve(candidate, urls)
        except Resolver404:
            continue
        return Endpoint(share_of(match.func, method), _route(match))
    return UNKNOWN


def _route(match: Any) -> str:
    return "/" + str(match.route).lstrip("^/")


def _path_info(environ: Mapping[str, Any]) -> str:
    return str(environ.get("PATH_INFO") or "/").encode("latin-1").decode("utf-8", "replace")


def _django_in(app: object) -> object:
    return next((part for part in _inside(app) if hasattr(part, "resolve_request")), None)


def _flask_in(app: object) -> object:
    return next((part for part in _inside(app) if hasattr(part, "view_functions")), None)


def _starlette_in(app: object) -> bool:
    return any(hasattr(part, "routes") for part in _inside(app))


def _inside(app: object) -> Iterator[object]:
    """Yield an app and what it wraps, by the names under which middleware commonly keeps that."""
    met: list[object] = []
    while app is not None and len(met) < 20 and not any(app is part for part in met):
        met.append(app)
        yield app
        names = ("__self__", "app", "wsgi_app", "application", "get_response", "__wrapped__")
        app = next((found for name in names if (found := getattr(app, name, None)) is not None), None)
