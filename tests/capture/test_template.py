"""Route templates out of what a router leaves in the scope, in the forms of older and newer releases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import Mount, Route, Router

from shadowtap.capture.template import template_of


def endpoint(request: Any) -> None: ...


def other(request: Any) -> None: ...


INNER = [Route("/items/{id}", endpoint), Route("/others/{id}", other), Route("/others", other)]
ROUTES = [
    Route("/users/{name}", endpoint),
    Mount("/empty", routes=[Mount("/deeper", routes=[])]),
    Mount("/shops/{shop}", routes=[*INNER, Mount("/deep", routes=INNER)]),
    Mount("/shops/{shop}/more", routes=INNER),
]


def scope(**more: Any) -> dict[str, Any]:
    return {"router": Router(ROUTES), "endpoint": endpoint, **more}


@pytest.mark.parametrize(
    ("left", "template"),
    [
        ({}, "/users/{name}"),
        ({"route": ROUTES[0]}, "/users/{name}"),
        ({"endpoint": other}, ""),
        ({"endpoint": None}, ""),
        ({"router": None}, ""),
        ({"root_path": "/proxy"}, "/users/{name}"),
        ({"root_path": "/proxy", "app_root_path": "/proxy"}, "/users/{name}"),
        ({"root_path": "/shops/anna", "app_root_path": ""}, "/shops/{shop}/items/{id}"),
        ({"root_path": "/proxy/shops/anna", "app_root_path": "/proxy"}, "/shops/{shop}/items/{id}"),
        ({"root_path": "/shops/anna/deep", "app_root_path": ""}, "/shops/{shop}/deep/items/{id}"),
        ({"root_path": "/shops/anna/more", "app_root_path": ""}, "/shops/{shop}/more/items/{id}"),
        ({"root_path": "/shops/anna", "app_root_path": "", "endpoint": other}, ""),
        ({"root_path": "/unknown/anna", "app_root_path": ""}, ""),
        ({"root_path": "/empty/unknown", "app_root_path": ""}, ""),
    ],
)
def test_the_template(left: dict[str, Any], template: str) -> None:
    assert template_of(scope(**left)) == template


def test_an_endpoint_of_several_routes_is_told_by_the_route_where_there_is_one() -> None:
    mounted = {"root_path": "/shops/anna", "app_root_path": "", "endpoint": other}
    assert template_of(scope(**mounted, route=INNER[2])) == "/shops/{shop}/others"


def test_a_route_that_was_included_is_told_with_the_prefix_of_its_router() -> None:
    context = SimpleNamespace(original_route=ROUTES[0], starlette_route=None, path_format="/v1/users/{name}")
    left = {"route": ROUTES[0], "fastapi": {"effective_route_context": context}}
    assert template_of(scope(**left)) == "/v1/users/{name}"
    assert template_of(scope(**{**left, "route": INNER[0]})) == "/items/{id}"
    assert template_of(scope(**{**left, "fastapi": {}})) == "/users/{name}"
