from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.util import FileWrapper

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from shadowtap.context import is_shadow
from shadowtap.guard.counts import counts
from tests.guard import django_project
from tests.guard.driving import Exchange, WsgiAnswer, body_messages, environ, http_scope, wsgi
from tests.guard.marks import MARKED, signed

KEYED_LIMIT = django_project.POLICIES["keyed"].body_limit


@pytest.fixture(autouse=True)
def project() -> Iterator[None]:
    django_project.configure()
    django_project.finished.clear()
    with override_settings(**django_project.OVERRIDES):
        yield


def wsgi_handler(policy: str) -> WSGIHandler:
    django_project.policy[0] = policy
    return WSGIHandler()


def asgi_handler(policy: str) -> ASGIHandler:
    django_project.policy[0] = policy
    return ASGIHandler()


class Reply:
    """An answer, whichever protocol it came by."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.body = body
        self._headers = headers

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> list[str]:
        return [value for given, value in self._headers if given.lower() == name.lower()]


def by_wsgi(policy: str, method: str, target: str, headers: Any, body: bytes, **more: Any) -> Reply:
    answer = wsgi(wsgi_handler(policy), method, target, headers, body, **more)
    return Reply(int(answer.status[:3]), answer.headers, answer.body)


def by_asgi(policy: str, method: str, target: str, headers: Any, body: bytes, **more: Any) -> Reply:
    async def serve() -> Exchange:
        named = [*dict(headers).items(), ("content-length", str(len(body)))]
        if "CONTENT_TYPE" in more:
            named.append(("content-type", more["CONTENT_TYPE"]))
        exchange = Exchange(http_scope(method, target, named), body_messages(body))
        await asgi_handler(policy)(exchange.scope, exchange.receive, exchange.send)
        return exchange

    exchange = asyncio.run(serve())
    fields = [(name.decode(), value.decode()) for name, value in exchange.sent[0]["headers"]]
    return Reply(exchange.status, fields, exchange.body)


both = pytest.mark.parametrize("serve", [by_wsgi, by_asgi])
Serve = Any


@both
@pytest.mark.parametrize("view", ["/tells", "/tells_async"])
def test_a_marked_request_is_a_shadow_request_and_an_ordinary_one_is_not(serve: Serve, view: str) -> None:
    assert serve("open", "GET", view, MARKED, b"").json() == [True, "", "kept"]
    assert serve("open", "GET", view, {}, b"").json() == [False, "", "charged"]
    assert not is_shadow()
    assert counts.read() == {"guarded": 1, "unmarked": 1}
    assert django_project.finished == [True, False]


@both
def test_the_answer_to_a_mirror_tells_time_and_effects_beside_the_views_own(serve: Serve) -> None:
    reply = serve("open", "GET", "/tells", MARKED, b"")
    (timing,) = reply.header("Server-Timing")
    own, ours = timing.split(", ")
    assert own == "db;dur=53"
    assert ours.startswith("shadowtap;dur=")
    assert reply.header("X-Shadow-Effects") == ['blocked=1, effects=("charge")']


@both
@pytest.mark.parametrize("view", ["/tells", "/tells_async"])
@pytest.mark.parametrize("outermost", [True, False])
@pytest.mark.parametrize("shadow", [True, False])
def test_a_synchronous_middleware_beside_the_guard_changes_nothing(
    serve: Serve, view: str, outermost: bool, shadow: bool
) -> None:
    guard, sync_only = f"{django_project.__name__}.guard", f"{django_project.__name__}.sync_only"
    django_project.places.clear()
    with override_settings(MIDDLEWARE=[guard, sync_only] if outermost else [sync_only, guard]):
        told = serve("open", "GET", view, MARKED if shadow else {}, b"").json()
    assert told == [shadow, "", "kept" if shadow else "charged"]
    assert django_project.places == [shadow and outermost] * 2
    assert django_project.finished == [shadow]


@pytest.mark.parametrize("view", ["/streams", "/file"])
@pytest.mark.parametrize("shadow", [True, False])
def test_a_synchronous_stream_is_made_inside_on_asgi_too(view: str, shadow: bool) -> None:
    with pytest.warns(Warning, match="must consume synchronous iterators"):
        body = by_asgi("open", "GET", view, MARKED if shadow else {}, b"").body
    assert set(body) == set(b"1" if shadow else b"0")


@both
def test_in_mode_always_every_request_is_a_shadow_request(serve: Serve) -> None:
    reply = serve("always", "GET", "/tells", {}, b"")
    assert reply.json() == [True, "", "kept"]
    assert reply.header("Server-Timing") == ["db;dur=53"]
    assert reply.header("X-Shadow-Effects") == []


@pytest.mark.parametrize(
    ("serve", "view"), [(by_wsgi, "/streams"), (by_asgi, "/streams_async"), (by_wsgi, "/file")]
)
def test_a_streamed_answer_is_made_inside(serve: Serve, view: str) -> None:
    chunk = b"11111" if view == "/file" else b"111"
    assert serve("open", "GET", view, MARKED, b"").body == chunk
    assert serve("open", "GET", view, {}, b"").body == chunk.replace(b"1", b"0")
    assert django_project.finished == [True, False]


def test_a_file_reaches_the_server_in_its_own_wrapper() -> None:
    made = environ(target="/file", headers=MARKED, **{"wsgi.file_wrapper": FileWrapper})
    result: Any = wsgi_handler("open")(made, WsgiAnswer().start)
    assert type(result) is FileWrapper
    assert b"".join(result) == b"11111"
    result.close()
    assert django_project.finished == [True]


@both
def test_a_signed_request_gets_its_body(serve: Serve) -> None:
    marks = signed("POST", "/tells?x=1", b"body")
    assert serve("keyed", "POST", "/tells?x=1", marks, b"body").json() == [True, "body", "kept"]


FORM = b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nfile\r\n--x--\r\n'


@both
def test_a_signed_form_is_read_by_the_view_as_without_the_guard(serve: Serve) -> None:
    kind = {"CONTENT_TYPE": "multipart/form-data; boundary=x"}
    ordinary = serve("keyed", "POST", "/form", {}, FORM, **kind).json()
    assert ordinary == ["a", "RawPostDataException"]
    marks = signed("POST", "/form", FORM)
    assert serve("keyed", "POST", "/form", marks, FORM, **kind).json() == ordinary


def test_a_view_that_reads_the_servers_stream_finds_the_body_there() -> None:
    assert by_wsgi("keyed", "POST", "/raw", signed("POST", "/raw", b"body"), b"body").body == b"body"


@both
@pytest.mark.parametrize(
    ("make_marks", "reason"),
    [
        (lambda: MARKED, "malformed_id"),
        (lambda: signed("POST", "/other", b"body"), "wrong_signature"),
        (lambda: signed("POST", "/tells", b"other"), "wrong_body"),
        (lambda: signed("POST", "/tells", b"body", age=3600), "stale"),
    ],
)
def test_a_mark_that_does_not_hold_is_refused(
    serve: Serve, make_marks: Callable[[], dict[str, str]], reason: str
) -> None:
    reply = serve("keyed", "POST", "/tells", make_marks(), b"body")
    assert reply.status == 403
    assert reply.header("Content-Type") == ["application/json"]
    assert reply.json()["error"] == "shadow request refused"
    assert counts.read() == {reason: 1}


@both
def test_a_replay_is_refused(serve: Serve) -> None:
    marks = signed("GET", "/tells")
    assert serve("keyed", "GET", "/tells", marks, b"").status == 200
    assert serve("keyed", "GET", "/tells", marks, b"").status == 403


@both
def test_a_body_over_the_limit_is_refused(serve: Serve) -> None:
    body = b"x" * (KEYED_LIMIT + 1)
    assert serve("keyed", "POST", "/tells", signed("POST", "/tells", body), body).status == 413


def test_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    body = b"x" * (KEYED_LIMIT + 1000)
    stream = io.BytesIO(body)
    marks = signed("POST", "/tells", body)
    by_wsgi("keyed", "POST", "/tells", marks, body, **{"wsgi.input": stream})
    assert stream.tell() == KEYED_LIMIT + 1


@both
def test_a_refused_head_request_is_answered_without_a_body(serve: Serve) -> None:
    reply = serve("keyed", "HEAD", "/tells", MARKED, b"")
    assert reply.body == b""
    assert int(reply.header("Content-Length")[0]) > 0


@both
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_view_that_raises_is_answered_by_django(serve: Serve) -> None:
    assert serve("open", "GET", "/fails", MARKED, b"").status == 500
    assert not is_shadow()


def test_an_exception_that_django_lets_through_ends_the_scope() -> None:
    def get_response(_request: Any) -> Any:
        raise SystemExit

    async def get_response_async(_request: Any) -> Any:
        raise SystemExit

    from django.test import RequestFactory

    request = RequestFactory().get("/", headers=MARKED)
    django_project.policy[0] = "open"
    with pytest.raises(SystemExit):
        django_project.guard(get_response)(request)

    async def serve() -> bool:
        with pytest.raises(SystemExit):
            await django_project.guard(get_response_async)(request)
        return is_shadow()

    assert not asyncio.run(serve())
    assert not is_shadow()


def test_behind_the_guard_of_a_door_the_middleware_adds_nothing() -> None:
    from shadowtap.guard.wsgi import GuardWsgi

    guarded = GuardWsgi(wsgi_handler("keyed"), django_project.POLICIES["keyed"])
    answer = wsgi(guarded, "GET", "/tells", signed("GET", "/tells"))
    assert answer.status == "200 OK"
    assert len(answer.header("X-Shadow-Effects")) == 1
    assert [value.count("shadowtap") for value in answer.header("Server-Timing")] == [0, 1]
