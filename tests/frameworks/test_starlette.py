"""Starlette: marks, mounts, routes, and requests that never reach their endpoint."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Host, Mount, Route, Router
from starlette.staticfiles import StaticFiles

import shadowtap
from shadowtap.asgi import MirrorMiddleware
from shadowtap.outcome import Outcome
from tests.support.calling import asgi_scope, call_asgi, messages, read_asgi
from tests.support.collecting import SHADOW, Collected


async def plain(request: Request) -> Response:
    return PlainTextResponse(await request.body())


def plain_sync(request: Request) -> Response:
    return PlainTextResponse("sync")


async def other(request: Request) -> Response:
    return PlainTextResponse("other")


def site(**more: Any) -> Starlette:
    """Return a new app, whose marks are made now."""
    never = shadowtap.no_mirror(copy_of(plain))

    @shadowtap.no_mirror
    class Never(HTTPEndpoint):
        async def get(self, request: Request) -> Response:
            return PlainTextResponse("never")

    @shadowtap.no_mirror
    class Torn(HTTPEndpoint):
        @shadowtap.mirror
        async def get(self, request: Request) -> Response:
            return PlainTextResponse("never")

    class View(HTTPEndpoint):
        async def get(self, request: Request) -> Response:
            return PlainTextResponse("view")

        @shadowtap.no_mirror
        async def post(self, request: Request) -> Response:
            return PlainTextResponse("never")

    inner = [
        Route("/items/{id}", plain, methods=["GET", "POST"]),
        Route("/never/{id}", never, methods=["POST"]),
        Route("/slash/", never),
    ]
    routes = [
        Route("/plain/{number:int}", plain, methods=["GET", "POST"]),
        Route("/sync", plain_sync),
        Route("/never", never, methods=["POST"]),
        Route("/never-sync", shadowtap.no_mirror(copy_of(plain_sync))),
        Route("/never-class", Never),
        Route("/never-torn", Torn),
        Route("/view", View),
        Route("/slash/", never),
        Route("/marked", shadowtap.mirror(copy_of(plain_sync))),
        Route("/share", shadowtap.mirror(percent=20)(copy_of(plain))),
        Mount("/mounted", routes=inner),
        Mount("/shops/{shop}", app=Starlette(routes=[*inner, Mount("/deep", app=Router(inner))])),
        Mount("/static", app=StaticFiles(directory=".", check_dir=False)),
        Mount("/raw", app=raw),
        Host("other.example", app=Router([Route("/hosted", other)])),
    ]
    return Starlette(routes=routes, **more)


async def raw(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("raw")(scope, receive, send)


def copy_of(function: Any) -> Any:
    """Return the same function anew, so that a mark stays within a test."""
    return type(function)(function.__code__, function.__globals__, function.__name__)


WAYS = {
    "wrap": lambda app: shadowtap.wrap(app, target=SHADOW),
    "around": lambda app: MirrorMiddleware(app, target=SHADOW),
    "around other middleware": lambda app: MirrorMiddleware(Through(app), target=SHADOW),
}


class Through:
    """Middleware that lets all pass."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Return each way to put an app behind the door."""
    return str(request.param)


def ask(way: str, method: str, path: str, app: Any = None, **more: Any) -> Any:
    return call_asgi(WAYS[way](app or site()), method, path, **more)


NEVER = [
    ("POST", "/never"),
    ("GET", "/never-sync"),
    ("GET", "/never-class"),
    ("GET", "/never-torn"),
    ("POST", "/view"),
    ("POST", "/mounted/never/1"),
    ("POST", "/shops/anna/never/1"),
    ("POST", "/shops/anna/deep/never/1"),
]


@pytest.mark.parametrize(("method", "path"), NEVER)
def test_an_endpoint_marked_so_is_never_mirrored(
    collected: Collected, way: str, method: str, path: str
) -> None:
    assert ask(way, method, path).status == 200
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


class Refuses(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        return PlainTextResponse("log in", 401)


class Raises(Through):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise ZeroDivisionError
        await super().__call__(scope, receive, send)


@pytest.mark.parametrize(("method", "path"), NEVER)
def test_nor_is_it_when_middleware_answers_for_it(
    collected: Collected, way: str, method: str, path: str
) -> None:
    assert ask(way, method, path, site(middleware=[Middleware(Refuses)])).status == 401
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_middleware_raises(collected: Collected, way: str) -> None:
    with pytest.raises(ZeroDivisionError):
        ask(way, "POST", "/never", site(middleware=[Middleware(Raises)]))
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_middleware_around_the_app_answers_for_it(collected: Collected) -> None:
    class Gatekeeper(Through):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse("log in", 401)(scope, receive, send)

    call_asgi(MirrorMiddleware(Gatekeeper(site()), target=SHADOW), "POST", "/never")
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", ["/slash", "/mounted/slash", "/shops/anna/slash"])
def test_nor_is_it_when_the_client_is_sent_to_its_address(collected: Collected, way: str, path: str) -> None:
    assert ask(way, "GET", path).status in (302, 307)
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", ["/never", "/mounted/never/1"])
def test_nor_is_it_when_the_method_is_wrong(collected: Collected, way: str, path: str) -> None:
    assert ask(way, "GET", path).status == 405
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


ROUTES = {
    "/plain/1": "/plain/{number}",
    "/sync": "/sync",
    "/view": "/view",
    "/mounted/items/1": "/mounted/items/{id}",
    "/shops/anna/items/1": "/shops/{shop}/items/{id}",
    "/shops/anna/deep/items/1": "/shops/{shop}/deep/items/{id}",
    "/static/nothing.css": "/static/{path}",
    "/raw/anything": "/raw/{path}",
    "/nowhere": "",
    "/mounted/nowhere": "",
}


@pytest.mark.parametrize("path", ROUTES)
def test_other_endpoints_are_mirrored_with_their_route(collected: Collected, way: str, path: str) -> None:
    ask(way, "GET", path)
    assert collected.outcomes() == {"copied": 1}
    assert collected.only.request.route == ROUTES[path]


@pytest.mark.usefixtures("undecorated")
def test_a_route_below_a_root_path_is_told_without_it(collected: Collected, way: str) -> None:
    ask(way, "GET", "/mounted/items/1", root_path="")
    app = Starlette(routes=[Mount("/a", routes=[Route("/b/{c}", plain)])])
    ask(way, "GET", "/a/b/1", app)
    assert [e.request.route for e in collected.exchanges] == ["/mounted/items/{id}", "/a/b/{c}"]


def test_an_endpoint_of_several_routes_is_told_by_the_one_that_matched_or_not_at_all(
    collected: Collected, way: str
) -> None:
    app = Starlette(routes=[Route("/a/{x}", plain), Route("/b/{x}", plain)])
    ask(way, "GET", "/b/1", app)
    assert collected.only.request.route in ("/b/{x}", "")


def test_marked_endpoints_alone_are_mirrored_where_that_is_set(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, select="marked")
    for path in ("/marked", "/sync", "/view", "/nowhere", "/mounted/items/1"):
        call_asgi(app, "GET", path)
    assert collected.only.request.path == b"/marked"
    assert collected.outcomes() == {"copied": 1, Outcome.NOT_MARKED: 4}


def test_an_endpoint_has_its_own_share(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, percent=50)
    for _ in range(10):
        call_asgi(app, "GET", "/share")
        call_asgi(app, "GET", "/sync")
    paths = [exchange.request.path for exchange in collected.exchanges]
    assert (paths.count(b"/share"), paths.count(b"/sync")) == (2, 5)


def test_the_wrapped_app_is_the_app(collected: Collected) -> None:
    app = Starlette()
    assert shadowtap.wrap(app, target=SHADOW) is app
    app.router.routes.append(Route("/later", plain_sync))
    assert call_asgi(app, "GET", "/later").body == b"sync"
    assert collected.outcomes() == {"copied": 1}


def test_an_app_that_is_wrapped_with_mirroring_off_is_untouched() -> None:
    app = Starlette()
    assert shadowtap.wrap(app) is app
    assert app.user_middleware == []
    assert app.middleware_stack is None


def test_middleware_can_be_added_as_a_class(collected: Collected) -> None:
    app = site()
    app.add_middleware(MirrorMiddleware, target=SHADOW, percent=100)
    call_asgi(app, "GET", "/sync")
    assert collected.outcomes() == {"copied": 1}


def test_an_answer_that_streams_is_copied_and_background_work_is_not_waited_for(
    collected: Collected,
) -> None:
    seen: list[int] = []

    async def stream(request: Request) -> Response:
        async def chunks() -> Any:
            yield b"one"
            yield b"two"

        return StreamingResponse(
            chunks(), background=BackgroundTask(lambda: seen.append(len(collected.exchanges)))
        )

    app = shadowtap.wrap(Starlette(routes=[Route("/", stream)]), target=SHADOW)
    assert call_asgi(app).body == b"onetwo"
    assert collected.only.response.body == (b"one", b"two")
    assert seen == [1]


class Scope(dict[str, Any]):
    """A scope that can be referred to weakly."""


def test_nothing_of_a_request_survives_the_hand_over(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    scope = Scope(asgi_scope("POST", "/plain/1", body=b"hello"))
    asyncio.run(read_asgi(app, scope, messages(b"hello")))
    alive = weakref.ref(scope)
    del scope
    gc.collect()
    assert collected.only.request.body == (b"hello",)
    assert alive() is None
