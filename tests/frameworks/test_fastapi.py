"""FastAPI: marks on endpoints of each kind, behind routers, in mounted apps, and behind dependencies."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, File, Form, Header, Request, UploadFile
from fastapi.responses import PlainTextResponse

import shadowtap
from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from tests.frameworks.fastapi_site import Item, site
from tests.support.calling import call_asgi
from tests.support.collecting import SHADOW, Collected

GOOD = b'{"name": "anna", "price": 1}'
BAD = b'{"name": "anna"}'
NEVER = ["/never/sync", "/never/async", "/never/outer"]
SECRET = ["/v1/inner/users/anna/secret", "/sub/acme/anna/secret", "/sub/acme/never/sync"]
JSON = [("Content-Type", "application/json")]


@pytest.mark.parametrize(("body", "status"), [(GOOD, 200), (BAD, 422), (b"{", 422)])
@pytest.mark.parametrize("path", [*NEVER, *SECRET])
def test_an_endpoint_marked_so_is_never_mirrored(
    collected: Collected, path: str, body: bytes, status: int
) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    assert call_asgi(app, "POST", path, JSON, body).status == status
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize(("path", "status"), [("/never/needs-header", 422), ("/never/refused", 401)])
def test_nor_is_it_when_a_dependency_fails(collected: Collected, path: str, status: int) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    assert call_asgi(app, "POST", path, JSON, GOOD).status == status
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", ["/never/sync", "/v1/inner/users/anna/secret", "/sub/acme/never/sync"])
def test_nor_is_it_when_the_method_is_wrong(collected: Collected, path: str) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    assert call_asgi(app, "DELETE", path).status == 405
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", ["/never/sync/", "/v1/inner/users/anna/secret/", "/sub/acme/never/sync/"])
def test_nor_is_it_when_the_client_is_sent_to_its_address(collected: Collected, path: str) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    assert call_asgi(app, "POST", path).status == 307
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", [*NEVER, *SECRET])
def test_nor_is_it_when_middleware_answers_for_it(collected: Collected, path: str) -> None:
    app = site()

    @app.middleware("http")
    async def refuse(request: Request, call_next: Any) -> Any:
        return PlainTextResponse("log in", 401)

    shadowtap.wrap(app, target=SHADOW)
    assert call_asgi(app, "POST", path, JSON, GOOD).status == 401
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


ROUTES = {
    "/sync/1": "/sync/{id}",
    "/v1/inner/users/anna/orders/1": "/v1/inner/users/{user}/orders/{order}",
    "/sub/acme/anna/orders/1": "/sub/{tenant}/{user}/orders/{order}",
    "/nowhere": "",
    "/sub/acme/nowhere": "",
}


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("path", ROUTES)
def test_other_endpoints_are_mirrored_with_their_route(collected: Collected, path: str, marks: bool) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    if not marks:
        seen.any = seen.never = False
    call_asgi(app, "GET", path)
    assert collected.outcomes() == {"copied": 1}
    assert collected.only.request.route == ROUTES[path]


def test_a_body_that_is_not_valid_is_mirrored_where_nothing_forbids_it(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW)
    assert call_asgi(app, "POST", "/item", JSON, BAD).status == 422
    assert collected.only.request.body == (BAD,)
    assert collected.only.response.status == 422


def test_marked_endpoints_alone_are_mirrored_where_that_is_set(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, select="marked")
    for path in ("/marked", "/sync/1", "/nowhere"):
        call_asgi(app, "GET", path)
    assert collected.only.request.path == b"/marked"
    assert collected.outcomes() == {"copied": 1, Outcome.NOT_MARKED: 2}


def test_an_endpoint_has_its_own_share(collected: Collected) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, percent=50)
    for _ in range(10):
        call_asgi(app, "GET", "/share")
        call_asgi(app, "GET", "/sync/1")
    paths = [exchange.request.path for exchange in collected.exchanges]
    assert (paths.count(b"/share"), paths.count(b"/sync/1")) == (2, 5)


@pytest.mark.parametrize("mark", [shadowtap.mirror, shadowtap.mirror(percent=50), shadowtap.no_mirror])
def test_a_mark_leaves_the_schema_alone(collected: Collected, mark: Any) -> None:
    def schema(mark: Any) -> Any:
        app = FastAPI()

        @app.post("/item/{id}")
        @mark
        async def item(id: int, item: Item, request: Request, x_token: Annotated[str, Header()] = "") -> Item:
            """Keep an item."""
            return item

        @app.post("/upload")
        @mark
        def upload(name: Annotated[str, Form()], file: Annotated[UploadFile, File()]) -> str:
            return name

        return app.openapi()

    assert schema(mark) == schema(lambda function: function)


def test_a_form_and_a_file_are_copied_as_they_came(collected: Collected) -> None:
    app = FastAPI()

    @app.post("/form")
    async def form(name: Annotated[str, Form()], file: Annotated[UploadFile, File()]) -> str:
        return f"{name} {file.filename} {(await file.read()).decode()}"

    shadowtap.wrap(app, target=SHADOW)
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = (
        part.format("name", "", "anna") + part.format("file", '; filename="a.txt"', "content") + "--x--\r\n"
    )
    headers = [("Content-Type", "multipart/form-data; boundary=x")]
    assert call_asgi(app, "POST", "/form", headers, body.encode()).body == b'"anna a.txt content"'
    assert collected.only.request.body == (body.encode(),)


def test_a_wrapped_app_is_the_app_and_with_mirroring_off_untouched(collected: Collected) -> None:
    app = FastAPI()
    assert shadowtap.wrap(app) is app
    assert app.user_middleware == []
    assert shadowtap.wrap(app, target=SHADOW) is app
    assert len(app.user_middleware) == 1
