"""Django: sync and async, on WSGI and ASGI, behind its own door and behind the general ones."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import django
import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

import shadowtap
from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from tests.frameworks import django_site
from tests.frameworks.django_site import DOOR
from tests.support.calling import Answer, asgi_scope, call_asgi, call_wsgi, read_asgi, wsgi_environ
from tests.support.collecting import SHADOW, Collected
from tests.support.waiting import until

pytestmark = [
    # Django says so itself of its FileResponse on ASGI.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume"),
    # Before 5.0 it leaves the body of a request open whose answer is broken off.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]

COMMON = "django.middleware.common.CommonMiddleware"


class Way(NamedTuple):
    """A way to put a project behind a door."""

    handler: Any
    call: Callable[..., Answer]
    door: bool
    """Whether the door is Django's own."""


WAYS = {
    "middleware on wsgi": Way(WSGIHandler, call_wsgi, True),
    "middleware on asgi": Way(ASGIHandler, call_asgi, True),
    "wrap on wsgi": Way(WSGIHandler, call_wsgi, False),
    "wrap on asgi": Way(ASGIHandler, call_asgi, False),
}


@pytest.fixture(autouse=True)
def project(collected: Collected, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the project's settings in force, and remember that it has marks."""
    django_site.configure()
    monkeypatch.setattr(seen, "any", True)
    monkeypatch.setattr(seen, "never", True)
    with override_settings(**django_site.SETTINGS):
        yield
    if django.VERSION < (5,):
        gc.collect()


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest) -> Callable[..., Answer]:
    """Return what sends a request, in each way in turn."""
    way = WAYS[request.param]

    def send(
        *arguments: Any, middleware: tuple[str, ...] = (COMMON,), settings: Any = None, **more: Any
    ) -> Answer:
        return way.call(made(way, middleware, settings or {}), *arguments, **more)

    send.way = way  # type: ignore[attr-defined]
    return send


def made(way: Way, middleware: tuple[str, ...], settings: dict[str, Any]) -> Any:
    """Return a handler with the door in front."""
    given = {"target": SHADOW, **settings}
    with override_settings(MIDDLEWARE=[*([DOOR] if way.door else []), *middleware], SHADOWTAP=given):
        handler = way.handler()
    return handler if way.door else shadowtap.wrap(handler, **given)


NEVER = ["/never", "/never-async", "/never-view", "/never-dispatched", "/mixed"]


@pytest.mark.parametrize("path", NEVER)
def test_a_view_marked_so_is_never_mirrored(collected: Collected, ask: Any, path: str) -> None:
    assert ask("POST", path, (), b"hello").body == b"hello"
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", NEVER)
def test_nor_is_it_when_middleware_answers_for_it(collected: Collected, ask: Any, path: str) -> None:
    gatekeeper = f"{django_site.__name__}.gatekeeper"
    assert ask("POST", path, (), b"hello", middleware=(gatekeeper,)).status == 401
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("path", ["/never-view", "/never-dispatched"])
def test_nor_is_it_when_the_method_is_wrong(collected: Collected, ask: Any, path: str) -> None:
    assert ask("GET", path).status == 405
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_nor_is_it_when_the_client_is_sent_to_its_address(collected: Collected, ask: Any) -> None:
    assert ask("GET", "/never-slash").status == 301
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_other_methods_of_the_same_class_are_mirrored(collected: Collected, ask: Any) -> None:
    ask("GET", "/mixed")
    assert collected.outcomes() == {"copied": 1}


ROUTES = {
    "/plain/1/anna": "/plain/<int:number>/<str:name>",
    "/pattern/1": "/pattern/(?P<number>[0-9]+)$",
    "/included/a-b/end": "/included/<slug:slug>/end",
    "/async": "/async",
    "/nowhere": "",
}


@pytest.mark.parametrize("path", ROUTES)
def test_other_views_are_mirrored_with_their_route(collected: Collected, ask: Any, path: str) -> None:
    ask("GET", path)
    assert collected.outcomes() == {"copied": 1}
    assert collected.only.request.route == ROUTES[path]


def test_marked_views_alone_are_mirrored_where_that_is_set(collected: Collected, ask: Any) -> None:
    for path in ("/marked", "/async", "/nowhere"):
        ask("GET", path, settings={"select": "marked"})
    assert collected.only.request.path == b"/marked"
    assert collected.outcomes() == {"copied": 1, Outcome.NOT_MARKED: 2}


def test_a_view_has_its_own_share(collected: Collected, ask: Any) -> None:
    for _ in range(10):
        ask("GET", "/share", settings={"percent": 100})
    assert collected.outcomes() == {"copied": 2, Outcome.NOT_SAMPLED: 8}


def test_a_request_is_copied_with_its_answer(collected: Collected, ask: Any) -> None:
    answer = ask("POST", "/plain/?a=b", [("Content-Type", "text/plain")], b"hello")
    copy = collected.only
    assert (copy.request.method, copy.request.path, copy.request.query) == ("POST", b"/plain/", b"a=b")
    assert (copy.request.body, copy.request.client) == ((b"hello",), "192.0.2.1")
    assert (copy.response.status, copy.response.body, copy.response.truncated) == (200, (b"hello",), False)
    fields = sorted((name.lower(), value.decode("latin-1")) for name, value in copy.response.headers)
    assert fields == sorted((name.lower().encode(), value) for name, value in answer.headers)


@pytest.mark.parametrize("path", ["/streamed", "/streamed-async"])
def test_an_answer_that_streams_is_copied(collected: Collected, ask: Any, path: str) -> None:
    whole = "onezwei \u00fcthree".encode()
    assert ask("GET", path).body == whole
    assert b"".join(collected.only.response.body) == whole
    assert not collected.only.response.truncated


def test_an_answer_that_is_never_begun_is_accounted_for(collected: Collected) -> None:
    handler = made(WAYS["middleware on wsgi"], (), {})
    response = handler(wsgi_environ("GET", "/streamed", (), b""), lambda *_: None)
    assert not collected.exchanges
    response.close()
    assert collected.only.response.truncated


def test_an_answer_whose_client_goes_away_is_accounted_for(collected: Collected, ask: Any) -> None:
    ask("GET", "/streamed-async" if ask.way.handler is ASGIHandler else "/streamed", take=1)
    # Django on ASGI does not close such an answer; it ends when it is collected, or swept.
    gc.collect()
    assert collected.only.response.status == 200
    assert collected.only.response.truncated


def test_an_answer_that_raises_amid_raises(collected: Collected, ask: Any) -> None:
    with pytest.raises(LookupError):
        ask("GET", "/streamed-async-amid" if ask.way.handler is ASGIHandler else "/streamed-amid")
    assert collected.only.response.truncated


def test_a_file_is_left_to_the_server(collected: Collected, ask: Any) -> None:
    assert ask("GET", "/file").body == b"content"
    assert collected.outcomes() == {"copied": 1}


def test_a_view_that_raises_is_copied_with_what_django_answers(collected: Collected, ask: Any) -> None:
    assert ask("GET", "/raised").status == 500
    assert collected.only.response.status == 500


def test_a_form_and_a_file_are_copied_as_they_came(collected: Collected, ask: Any) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = (
        part.format("name", "", "anna") + part.format("file", '; filename="a.txt"', "content") + "--x--\r\n"
    )
    headers = [("Content-Type", "multipart/form-data; boundary=x")]
    assert ask("POST", "/form", headers, body.encode()).body == b"anna content"
    assert b"".join(collected.only.request.body) == body.encode()


@pytest.mark.parametrize("path", ["/unread", "/in-part"])
def test_a_body_that_is_not_read_whole_is_not_copied(collected: Collected, path: str) -> None:
    for name in ("middleware on wsgi", "middleware on asgi", "wrap on wsgi"):
        WAYS[name].call(made(WAYS[name], (), {}), "POST", path, (), b"hello")
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 3}


def test_a_body_in_chunks_is_copied_where_django_reads_such(collected: Collected, ask: Any) -> None:
    asgi = ask.way.handler is ASGIHandler
    ask("POST", "/plain/", (), [b"he", b"llo"])
    assert collected.outcomes() == {"copied" if asgi else Outcome.BODY_UNREAD: 1}
    assert not asgi or b"".join(collected.only.request.body) == b"hello"


def test_a_body_over_http_2_is_copied(collected: Collected) -> None:
    handler = made(WAYS["middleware on asgi"], (), {})
    for incoming in ([{"type": "http.request", "body": b"hello"}], [{"type": "http.request"}]):
        asyncio.run(
            read_asgi(handler, {**asgi_scope("POST", "/plain/"), "http_version": "2"}, iter(incoming))
        )
    assert [b"".join(e.request.body) for e in collected.exchanges] == [b"hello", b""]


def test_mirroring_that_is_off_is_left_out(collected: Collected, ask: Any) -> None:
    if ask.way.door:
        with override_settings(MIDDLEWARE=[DOOR], SHADOWTAP={}):
            assert not isinstance(ask.way.handler()._middleware_chain, shadowtap.django.MirrorMiddleware)
    else:
        handler = ask.way.handler()
        assert shadowtap.wrap(handler) is handler
    assert not collected.mirrors


def test_one_middleware_serves_both_roles(collected: Collected) -> None:
    both = "shadowtap.django.ShadowTapMiddleware"
    with override_settings(MIDDLEWARE=[both], SHADOWTAP={"target": SHADOW}):
        call_wsgi(WSGIHandler(), "GET", "/plain/")
    assert collected.outcomes() == {"copied": 1}
    with override_settings(MIDDLEWARE=[both], SHADOWTAP={"role": "shadow"}):
        call_wsgi(WSGIHandler(), "GET", "/plain/", [("X-Shadow-Request", "true")])
    assert collected.outcomes() == {"copied": 1}


def test_nothing_of_a_request_survives_the_hand_over(collected: Collected, ask: Any) -> None:
    alive: list[weakref.ref[Any]] = []
    original = BaseHandler.resolve_request

    def resolve(self: Any, request: Any) -> Any:
        alive.append(weakref.ref(request))
        return original(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "resolve_request", resolve)
        ask("POST", "/plain/", (), b"hello")
    assert b"".join(collected.only.request.body) == b"hello"
    # A thread that has served it may not have let go of it yet.
    until(lambda: gc.collect() >= 0 and alive[0]() is None, what="the request is gone")
