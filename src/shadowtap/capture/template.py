"""The route template of a request to Starlette or FastAPI, such as ``/shops/{shop}/users/{id}``.

Neither leaves the whole template in the scope: of a request to a mounted app
there is the path at which that is mounted, with its parameters filled in, and
the route inside. Filled in, it may name a person, so it is looked up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def template_of(scope: Mapping[str, Any]) -> str:
    """Return the template; empty when it is not known for certain."""
    if not scope.get("root_path") and "fastapi" not in scope and (route := _plain(scope.get("route"))):
        return route
    endpoint = scope.get("endpoint")
    routes = getattr(scope.get("router"), "routes", None)
    if endpoint is None or routes is None:
        return ""
    root = scope.get("root_path")
    mounted = str(root).removeprefix(str(scope.get("app_root_path") or "")) if root else ""
    prefix = ""
    if "app_root_path" in scope and mounted:
        found = _descend(routes, mounted)
        if found is None:
            return ""
        prefix, mount = found
        if mount.app is endpoint:
            # A mounted router that is still the endpoint has found nothing.
            return "" if hasattr(endpoint, "routes") else prefix + "/{path}"
        routes = getattr(mount, "routes", None) or ()
    route = _effective(scope) or _plain(scope.get("route")) or _by_endpoint(routes, endpoint)
    return prefix + route if route else ""


def _effective(scope: Mapping[str, Any]) -> str | None:
    """Return the template of a route with the prefixes of the routers that include it, in newer FastAPI."""
    fastapi = scope.get("fastapi")
    context = fastapi.get("effective_route_context") if fastapi else None
    if context is None or context.original_route is not scope.get("route"):
        return None
    return _plain(getattr(context, "starlette_route", None)) or _plain(context)


def _plain(route: object) -> str | None:
    if hasattr(route, "app") and hasattr(route, "routes"):
        return None
    template = getattr(route, "path_format", None)
    return template if isinstance(template, str) else None


def _by_endpoint(routes: Iterable[object], endpoint: object) -> str | None:
    """Return the template of the one route to an endpoint: older releases do not leave the route."""
    found = {_plain(route) for route in routes if getattr(route, "endpoint", None) is endpoint}
    return found.pop() if len(found) == 1 else None


def _descend(routes: Iterable[Any], path: str) -> tuple[str, Any] | None:
    """Follow a path through mounts; return their templates and the last mount."""
    for route in routes:
        pattern = getattr(route, "path_regex", None)
        if pattern is None or not hasattr(route, "app") or hasattr(route, "endpoint"):
            continue
        match = pattern.match(path + "/")
        if match is None or "path" not in match.groupdict():
            continue
        rest = match.group("path").rstrip("/")
        template = str(route.path)
        if not rest:
            return template, route
        below = _descend(getattr(route, "routes", None) or (), "/" + rest)
        if below is not None:
            return template + below[0], below[1]
    return None
