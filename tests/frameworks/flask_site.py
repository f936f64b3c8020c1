"""A Flask app with endpoints of each kind of mark."""

from __future__ import annotations

from typing import Any

import flask
from flask.views import MethodView

import shadowtap


def site() -> flask.Flask:
    """Return a new app, whose marks are made now."""
    app = flask.Flask("site")
    add_never(app)
    add_marked(app)
    add_views(app)

    @app.route("/plain/<int:number>", methods=["GET", "POST"])
    def plain(number: int) -> str:
        return f"{number} {flask.request.get_data(as_text=True)}"

    return app


def add_never(app: flask.Flask) -> None:
    @app.post("/never/inner")
    @shadowtap.no_mirror
    def never_inner() -> str:
        return "never"

    @shadowtap.no_mirror
    @app.post("/never/outer")
    def never_outer() -> str:
        return "never"

    @shadowtap.no_mirror
    @shadowtap.mirror
    @app.post("/never/over")
    def never_over() -> str:
        return "never"

    @app.post("/never/raised")
    @shadowtap.no_mirror
    def never_raised() -> str:
        raise ZeroDivisionError

    @app.post("/never/slash/")
    @shadowtap.no_mirror
    def never_slash() -> str:
        return "never"

    @app.route("/never/streamed")
    @shadowtap.no_mirror
    def never_streamed() -> Any:
        return flask.Response(iter(["one", "two"]))


def add_marked(app: flask.Flask) -> None:
    @app.route("/marked/inner")
    @shadowtap.mirror
    def marked_inner() -> str:
        return "marked"

    @shadowtap.mirror()
    @app.route("/marked/outer")
    def marked_outer() -> str:
        return "marked"

    @app.route("/share/inner")
    @shadowtap.mirror(percent=20)
    def share_inner() -> str:
        return "share"

    @shadowtap.mirror(percent=20)
    @app.route("/share/outer")
    def share_outer() -> str:
        return "share"


def add_views(app: flask.Flask) -> None:
    class View(MethodView):
        def get(self) -> str:
            return "view"

        @shadowtap.no_mirror
        def post(self) -> str:
            return "view"

    app.add_url_rule("/view", view_func=View.as_view("view"))

    @shadowtap.no_mirror
    class Never(MethodView):
        def get(self) -> str:
            return "never"

    app.add_url_rule("/never/class", view_func=Never.as_view("class"))


def served() -> Any:
    """Return the app with more to serve, for servers."""
    app = site()

    @app.route("/streamed")
    def streamed() -> Any:
        return flask.Response(flask.stream_with_context(iter(["one", "two"])))

    @app.route("/file")
    def file() -> Any:
        return flask.send_file(__file__, conditional=True, etag=False, last_modified=0)

    @app.post("/form")
    def form() -> Any:
        upload = flask.request.files["file"]
        return flask.jsonify(name=flask.request.form["name"], file=upload.read().decode())

    @app.post("/json")
    def json() -> Any:
        return flask.jsonify(flask.request.get_json())

    @app.get("/raised")
    def raised() -> Any:
        raise LookupError("told")

    return shadowtap.wrap(app)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    return served()
