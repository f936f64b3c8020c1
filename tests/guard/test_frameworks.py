from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import flask
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import FileResponse, StreamingResponse

from shadowtap.context import is_shadow
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.driving import Exchange, asgi, wsgi
from tests.guard.marks import KEY, MARKED, signed

OPEN = GuardPolicy(mode="marked")
KEYED = GuardPolicy(mode="marked", key=KEY)
both = pytest.mark.parametrize("shadow", [True, False])


def marks(shadow: bool) -> dict[str, str]:
    return MARKED if shadow else {}


class Places:
    """Where code of the app ran, and whether that was inside a shadow request."""

    def __init__(self) -> None:
        self.seen: dict[str, bool] = {}

    def note(self, place: str) -> None:
        self.seen[place] = is_shadow()

    async def note_async(self, place: str) -> None:
        await asyncio.sleep(0)
        self.note(place)


def fastapi_app(places: Places) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def middleware(request: Any, call_next: Any) -> Any:
        places.note("middleware before")
        response = await call_next(request)
        places.note("middleware after")
        return response

    def dependency() -> Iterator[None]:
        places.note("dependency before")
        yield
        places.note("dependency after")

    @app.get("/")
    def endpoint(tasks: BackgroundTasks, _: None = Depends(dependency)) -> str:
        places.note(
            f"endpoint on another thread: {threading.current_thread() is not threading.main_thread()}"
        )
        tasks.add_task(places.note, "background")
        tasks.add_task(places.note_async, "background async")
        return "done"

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(2):
                await places.note_async("chunk")
                yield b"x"

        return StreamingResponse(chunks())

    @app.get("/file")
    async def file() -> FileResponse:
        return FileResponse(__file__)

    @app.post("/json")
    async def echo(body: dict[str, int]) -> list[Any]:
        return [is_shadow(), body]

    return app


def serve(app: Any, *args: Any, **kwargs: Any) -> Exchange:
    extensions = {"http.response.pathsend": {}}
    return asgi(app, *args, extensions=extensions, state={}, **kwargs)


@both
def test_every_place_of_a_fastapi_request_is_inside(shadow: bool) -> None:
    places = Places()
    exchange = serve(GuardAsgi(fastapi_app(places), OPEN), headers=marks(shadow))
    assert exchange.status == 200
    assert places.seen == dict.fromkeys(
        [
            "middleware before",
            "dependency before",
            "endpoint on another thread: True",
            "middleware after",
            "dependency after",
            "background",
            "background async",
        ],
        shadow,
    )


@both
def test_a_middleware_that_runs_the_guard_in_a_task_changes_nothing(shadow: bool) -> None:
    async def dispatch(request: Any, call_next: Any) -> Any:
        outer.note("outside before")
        response = await call_next(request)
        outer.note("outside after")
        return response

    places, outer = Places(), Places()
    app = BaseHTTPMiddleware(GuardAsgi(fastapi_app(places), OPEN), dispatch)
    assert serve(app, target="/stream", headers=marks(shadow)).body == b"xx"
    assert places.seen["chunk"] is shadow
    assert outer.seen == {"outside before": False, "outside after": False}


def test_a_file_that_the_server_sends_by_itself_still_is() -> None:
    app = GuardAsgi(fastapi_app(Places()), OPEN)
    app.app.user_middleware.clear()  # type: ignore[attr-defined]
    exchange = serve(app, target="/file", headers=MARKED)
    assert exchange.sent[1]["type"] == "http.response.pathsend"
    assert exchange.header("server-timing")


def test_a_signed_json_body_is_validated_by_fastapi() -> None:
    body = json.dumps({"amount": 5}).encode()
    headers = {**signed("POST", "/json", body), "Content-Type": "application/json"}
    exchange = serve(GuardAsgi(fastapi_app(Places()), KEYED), "POST", "/json", headers, chunks=[body])
    assert json.loads(exchange.body) == [True, {"amount": 5}]


def flask_app(places: Places) -> flask.Flask:
    app = flask.Flask(__name__)
    app.before_request(lambda: places.note("before"))
    app.teardown_request(lambda _error: places.note("teardown"))

    @app.get("/")
    def stream() -> flask.Response:
        def chunks() -> Iterator[str]:
            for _ in range(2):
                places.note(f"chunk of {flask.request.path}")
                yield "x"

        places.note("view")
        response = flask.Response(flask.stream_with_context(chunks()))
        response.call_on_close(lambda: places.note("close"))
        return response

    @app.get("/file")
    def file() -> flask.Response:
        return flask.send_file(__file__)

    @app.post("/form")
    def form() -> list[Any]:
        return [is_shadow(), flask.request.form["a"], flask.request.files["f"].read().decode()]

    return app


@both
def test_every_place_of_a_flask_request_is_inside(shadow: bool) -> None:
    places = Places()
    app = flask_app(places)
    app.wsgi_app = GuardWsgi(app.wsgi_app, OPEN)  # type: ignore[method-assign]
    assert wsgi(app, headers=marks(shadow)).body == b"xx"
    assert places.seen == dict.fromkeys(["before", "view", "chunk of /", "close", "teardown"], shadow)


@both
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_file_of_flask_is_sent_whole(shadow: bool) -> None:
    app = GuardWsgi(flask_app(Places()), OPEN)
    assert wsgi(app, target="/file", headers=marks(shadow)).body == Path(__file__).read_bytes()


def test_a_signed_form_is_read_by_flask() -> None:
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = (part.format("a", "1") + part.format('f"; filename="g', "2") + "--x--\r\n").encode()
    app = GuardWsgi(flask_app(Places()), KEYED)
    kind = {"CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = wsgi(app, "POST", "/form", signed("POST", "/form", body), body, **kind)
    assert json.loads(answer.body) == [True, "1", "2"]
