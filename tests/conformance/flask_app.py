"""The primary on WSGI: a Flask app that tells what it saw."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

from flask import Flask, Response, jsonify, request

from shadowtap.wsgi import MirrorMiddleware
from tests.conformance import inside

flask = Flask(__name__)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@flask.route("/echo/<path:rest>", methods=METHODS, provide_automatic_options=False)
def echo(rest: str) -> Response:
    body = request.get_data()
    answer = jsonify(
        method=request.method,
        target=request.environ["RAW_URI"],
        headers=[[name, value] for name, value in request.headers],
        size=len(body),
        digest=hashlib.sha256(body).hexdigest(),
    )
    answer.headers["X-Primary"] = "v1"
    return answer


@flask.post("/unread/<path:rest>")
def unread(rest: str) -> tuple[str, int]:
    return "too much", 413


@flask.route("/teapot/<path:rest>")
def teapot(rest: str) -> tuple[str, int]:
    return "short and stout", 418


@flask.route("/raise/<path:rest>", methods=["GET", "POST"])
def fail(rest: str) -> Response:
    raise RuntimeError("the app's own")


@flask.get("/slow/<path:rest>")
def slow(rest: str) -> str:
    time.sleep(float(request.args["seconds"]))
    return "late"


@flask.get("/events/<path:rest>")
def events(rest: str) -> Response:
    seconds = float(request.args["seconds"])

    def stream() -> Iterator[bytes]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            yield b"data: tick\n\n"
            time.sleep(0.05)

    return Response(stream(), mimetype="text/event-stream")


@flask.get("/folder/<path:rest>/")
def folder(rest: str) -> str:
    return "in the folder"


mirrored = MirrorMiddleware(flask.wsgi_app)


def app(environ, start_response):
    if environ["PATH_INFO"].startswith(inside.PREFIX):
        answer = inside.tell(mirrored._mirror, environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]
    return mirrored(environ, start_response)
