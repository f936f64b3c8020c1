"""Flask: marks in both orders of the decorators, routes, and requests that never reach their view."""

from __future__ import annotations

import gc
import weakref
from io import BytesIO
from typing import Any

import flask
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

import shadowtap
from shadowtap.outcome import Outcome
from shadowtap.wsgi import MirrorMiddleware
from tests.frameworks.flask_site import site
from tests.support.apps import wsgi_deaf
from tests.support.calling import call_wsgi
from tests.support.collecting import SHADOW, Collected


def behind_proxy(app: flask.Flask) -> Any:
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    return MirrorMiddleware(app.wsgi_app, target=SHADOW)


def dispatched(app: flask.Flask) -> Any:
    return MirrorMiddleware(DispatcherMiddleware(flask.Flask("other"), {"/site": app}), target=SHADOW)


WAYS = {
    "wrap": lambda app: shadowtap.wrap(app, target=SHADOW),
    "middleware": lambda app: MirrorMiddleware(app.wsgi_app, target=SHADOW),
    "around all": lambda app: MirrorMiddleware(app, target=SHADOW),
    "behind a proxy": behind_proxy,
    "dispatched": dispatched,
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Return each way to put an app behind the door."""
    return str(request.param)


def ask(way: str, method: str, path: str, app: flask.Flask | None = None, **settings: Any) -> Any:
    prefix = "/site" if way == "dispatched" else ""
    return call_wsgi(WAYS[way](app or site()), method, prefix + path, **settings)


NEVER = ["/never/inner", "/never/outer", "/never/over", "/never/slash/"]


@pytest.mark.parametrize("path", NEVER)
def test_an_endpoint_marked_so_is_never_mirrored(collected: Collected, way: str, path: str) -> None:
    assert ask(way, "POST", path, body=b"x").body == b"never"
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", [*NEVER, "/never/raised"])
def test_nor_is_it_when_another_answers_for_it(collected: Collected, way: str, path: str) -> None:
    app = site()

    @app.before_request
    def refuse() -> Any:
        return flask.Response("log in", 401)

    assert ask(way, "POST", path, app).status == 401
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_it_raises(collected: Collected, way: str) -> None:
    assert ask(way, "POST", "/never/raised").status == 500
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_the_error_goes_on_to_the_server(collected: Collected, way: str) -> None:
    app = site()
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(ZeroDivisionError):
        ask(way, "POST", "/never/raised", app)
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_another_raises_for_it(collected: Collected, way: str) -> None:
    app = site()
    app.config["PROPAGATE_EXCEPTIONS"] = True

    @app.before_request
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(way, "POST", "/never/inner", app)
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_nothing_tells_which_app_it_belongs_to(collected: Collected) -> None:
    app = site()
    app.config["PROPAGATE_EXCEPTIONS"] = True

    def opaque(environ: Any, start_response: Any) -> Any:
        return app(environ, start_response)

    with pytest.raises(ZeroDivisionError):
        call_wsgi(MirrorMiddleware(opaque, target=SHADOW), "POST", "/never/raised")
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_it_streams(collected: Collected, way: str) -> None:
    assert ask(way, "GET", "/never/streamed").body == b"onetwo"
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_the_client_is_sent_to_its_address(collected: Collected, way: str) -> None:
    assert ask(way, "POST", "/never/slash").status == 308
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_the_method_is_wrong(collected: Collected, way: str) -> None:
    assert ask(way, "GET", "/never/inner").status == 405
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_its_class_or_its_method(collected: Collected, way: str) -> None:
    ask(way, "GET", "/never/class")
    ask(way, "POST", "/view")
    assert collected.outcomes() == {Outcome.EXCLUDED: 2}


def test_other_endpoints_of_the_same_app_are_mirrored(collected: Collected, way: str) -> None:
    for method, path in (("GET", "/plain/1"), ("POST", "/plain/2"), ("GET", "/view"), ("GET", "/nowhere")):
        ask(way, method, path)
    assert collected.outcomes() == {"copied": 4}
    assert [e.request.route for e in collected.exchanges] == ["/plain/<int:number>"] * 2 + ["/view", ""]


def test_a_request_that_middleware_answers_is_not_mirrored_as_it_may_be_for_such_an_endpoint(
    collected: Collected,
) -> None:
    app = site()

    class Gatekeeper:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, environ: Any, start_response: Any) -> Any:
            start_response("401 Unauthorized", [])
            return [b"log in"]

    app.wsgi_app = Gatekeeper(app.wsgi_app)  # type: ignore[method-assign]
    call_wsgi(shadowtap.wrap(app, target=SHADOW), "POST", "/never/inner")
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_without_such_endpoints_it_is_mirrored(collected: Collected) -> None:
    app = flask.Flask("site")
    app.wsgi_app = wsgi_deaf  # type: ignore[method-assign]
    call_wsgi(shadowtap.wrap(app, target=SHADOW))
    assert collected.outcomes() == {"copied": 1}


@pytest.mark.parametrize("order", ["inner", "outer"])
def test_marked_endpoints_alone_are_mirrored_where_that_is_set(
    collected: Collected, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, select="marked")
    for path in (f"/marked/{order}", "/plain/1", "/view", "/nowhere"):
        call_wsgi(app, "GET", path)
    assert collected.only.request.path == f"/marked/{order}".encode()
    assert collected.outcomes() == {"copied": 1, Outcome.NOT_MARKED: 3}


@pytest.mark.parametrize("order", ["inner", "outer"])
def test_an_endpoint_has_its_own_share(collected: Collected, order: str) -> None:
    app = shadowtap.wrap(site(), target=SHADOW, percent=50)
    for _ in range(10):
        call_wsgi(app, "GET", f"/share/{order}")
        call_wsgi(app, "GET", "/plain/1")
    paths = [exchange.request.path for exchange in collected.exchanges]
    assert (paths.count(f"/share/{order}".encode()), paths.count(b"/plain/1")) == (2, 5)


@pytest.mark.usefixtures("undecorated")
def test_routes_are_told_without_any_mark_too(collected: Collected) -> None:
    app = flask.Flask("site")
    blueprint = flask.Blueprint("users", "users", url_prefix="/users")
    app.add_url_rule("/streamed", view_func=lambda: flask.Response(iter(["one"])), endpoint="streamed")
    blueprint.add_url_rule("/<name>", view_func=lambda name: name, endpoint="user")
    app.register_blueprint(blueprint)
    shadowtap.wrap(app, target=SHADOW)
    for path in ("/users/anna", "/streamed", "/nowhere"):
        call_wsgi(app, "GET", path)
    assert [e.request.route for e in collected.exchanges] == ["/users/<name>", "/streamed", ""]


def test_the_wrapped_app_is_the_app(collected: Collected) -> None:
    app = flask.Flask("site")
    assert shadowtap.wrap(app, target=SHADOW) is app

    @app.get("/later")
    def later() -> str:
        return "later"

    assert app.test_client().get("/later").text == "later"
    assert collected.outcomes() == {"copied": 1}


def test_an_app_that_is_wrapped_with_mirroring_off_is_untouched() -> None:
    app = flask.Flask("site")
    before = dict(vars(app))
    assert shadowtap.wrap(app) is app
    assert vars(app) == before


def test_a_form_and_a_file_are_copied_as_they_came(collected: Collected) -> None:
    app = flask.Flask("site")

    @app.post("/form")
    def form() -> str:
        upload = flask.request.files["file"]
        return f"{flask.request.form['name']} {upload.filename} {upload.read().decode()}"

    client = shadowtap.wrap(app, target=SHADOW).test_client()
    answer = client.post("/form", data={"name": "anna", "file": (BytesIO(b"content"), "a.txt")})
    assert answer.text == "anna a.txt content"
    body = b"".join(collected.only.request.body)
    assert len(body) == int(dict(collected.only.request.headers)[b"Content-Length"])
    assert b"content" in body


def test_nothing_of_a_request_survives_the_hand_over(collected: Collected) -> None:
    app = site()
    alive: list[weakref.ref[Any]] = []

    @app.after_request
    def note(response: flask.Response) -> flask.Response:
        alive.append(weakref.ref(flask.request._get_current_object()))  # type: ignore[attr-defined]
        return response

    call_wsgi(shadowtap.wrap(app, target=SHADOW), "POST", "/plain/1", body=b"hello")
    gc.collect()
    assert collected.only.request.body == (b"hello",)
    assert alive[0]() is None
