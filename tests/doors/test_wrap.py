"""``wrap`` on raw apps; with the frameworks, see tests/frameworks."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Iterator
from typing import Any

import pytest

import shadowtap
from shadowtap import asgi, wsgi
from shadowtap.exceptions import SettingsError
from tests.support.apps import asgi_deaf, asgi_echo, wsgi_deaf, wsgi_echo
from tests.support.calling import call_asgi, call_wsgi
from tests.support.collecting import SHADOW, Collected


class WsgiObject:
    def __call__(self, environ: Any, start_response: Any) -> Any:
        return wsgi_deaf(environ, start_response)

    def method(self, environ: Any, start_response: Any) -> Any:
        return wsgi_deaf(environ, start_response)


class WsgiClass:
    """An app whose instances are the answers (PEP 3333)."""

    def __init__(self, environ: Any, start_response: Any) -> None:
        self._start_response = start_response

    def __iter__(self) -> Iterator[bytes]:
        self._start_response("200 OK", [])
        yield b"ok"


class AsgiObject:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asgi_deaf(scope, receive, send)

    async def method(self, scope: Any, receive: Any, send: Any) -> None:
        await asgi_deaf(scope, receive, send)


class AsgiClass:
    """An app whose instances are awaited."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self._arguments = (scope, receive, send)

    def __await__(self) -> Any:
        return asgi_deaf(*self._arguments).__await__()


def asgi_that_is_not_async(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    return asgi_deaf(scope, receive, send)


def with_more(more: Any, environ: Any, start_response: Any) -> Any:
    return wsgi_deaf(environ, start_response)


async def asgi_with_more(more: Any, scope: Any, receive: Any, send: Any) -> None:
    await asgi_deaf(scope, receive, send)


def with_default(environ: Any, start_response: Any, more: Any = None) -> Any:
    return wsgi_deaf(environ, start_response)


def of_any_arguments(*arguments: Any) -> Any:
    return wsgi_deaf(*arguments)


async def asgi_of_any_arguments(*arguments: Any) -> None:
    await asgi_deaf(*arguments)


WSGI = {
    "function": wsgi_deaf,
    "object": WsgiObject(),
    "method": WsgiObject().method,
    "class": WsgiClass,
    "partial": functools.partial(with_more, "more"),
    "default": with_default,
    "any arguments": of_any_arguments,
}
ASGI = {
    "function": asgi_deaf,
    "object": AsgiObject(),
    "method": AsgiObject().method,
    "class": AsgiClass,
    "partial": functools.partial(asgi_with_more, "more"),
    "partial of an object": functools.partial(AsgiObject()),
    "not async": asgi_that_is_not_async,
    "any arguments": asgi_of_any_arguments,
}


@pytest.mark.parametrize("kind", WSGI)
def test_a_wsgi_app_of_any_kind_is_wrapped(collected: Collected, kind: str) -> None:
    app: Any = shadowtap.wrap(WSGI[kind], target=SHADOW)
    assert isinstance(app, wsgi.MirrorMiddleware)
    assert call_wsgi(app).body == b"ok"
    assert collected.outcomes() == {"copied": 1}


@pytest.mark.parametrize("kind", ASGI)
def test_an_asgi_app_of_any_kind_is_wrapped(collected: Collected, kind: str) -> None:
    app: Any = shadowtap.wrap(ASGI[kind], target=SHADOW)
    assert isinstance(app, asgi.MirrorMiddleware)
    assert call_asgi(app).body == b"ok"
    assert collected.outcomes() == {"copied": 1}


OFF: dict[str, dict[str, Any]] = {
    "no target": {},
    "switched off": {"target": SHADOW, "enabled": False},
    "the guard off": {"role": "shadow", "guard": "off"},
}


@pytest.mark.parametrize("why", OFF)
@pytest.mark.parametrize(
    "app", [*WSGI.values(), *ASGI.values()], ids=[*WSGI, *(f"asgi {kind}" for kind in ASGI)]
)
def test_off_returns_the_very_same_object(app: Any, why: str) -> None:
    assert shadowtap.wrap(app, **OFF[why]) is app


@pytest.mark.parametrize("door", [wsgi.MirrorMiddleware, asgi.MirrorMiddleware])
@pytest.mark.parametrize("why", ["no target", "switched off"])
def test_a_middleware_that_is_off_is_the_app(door: Any, why: str) -> None:
    assert door(wsgi_echo, **OFF[why]) is wsgi_echo


@pytest.mark.parametrize("door", [wsgi.MirrorMiddleware, asgi.MirrorMiddleware])
def test_on_the_shadow_nothing_is_mirrored(door: Any) -> None:
    assert door(wsgi_echo, target=SHADOW, role="shadow") is wsgi_echo


def test_with_a_file_mirroring_may_be_switched_on_later(collected: Collected, tmp_path: Any) -> None:
    file = tmp_path / "shadowtap.toml"
    file.write_text("enabled = false")
    assert shadowtap.wrap(wsgi_echo, target=SHADOW, config=str(file)) is not wsgi_echo


def test_the_role_decides_which_door(collected: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    for app in (wsgi_echo, asgi_echo):
        monkeypatch.setenv("SHADOWTAP_ROLE", "shadow")
        assert type(shadowtap.wrap(app)).__name__.startswith("Guard")
        monkeypatch.setenv("SHADOWTAP_ROLE", "primary")
        assert isinstance(shadowtap.wrap(app, target=SHADOW), asgi.MirrorMiddleware | wsgi.MirrorMiddleware)
    monkeypatch.delenv("SHADOWTAP_ROLE")


def one(argument: Any) -> None: ...


def four(a: Any, b: Any, c: Any, d: Any) -> None: ...


class TwoSteps:
    """An app of the second version of ASGI, which was replaced in 2019."""

    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize("thing", [None, 5, "app", object(), one, four, TwoSteps, [], Ellipsis])
@pytest.mark.parametrize("settings", [{}, {"target": SHADOW}], ids=["off", "on"])
def test_what_is_no_app_is_refused(thing: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"shadowtap\.wrap takes a WSGI"):
        shadowtap.wrap(thing, **settings)


@pytest.mark.parametrize("settings", [{"percent": 101}, {"target": "shadow"}, {"targets_": "x"}])
def test_a_wrong_setting_is_told_at_once(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        shadowtap.wrap(wsgi_echo, **settings)


def test_nothing_runs_before_the_first_request(collected: Collected) -> None:
    app = shadowtap.wrap(wsgi_echo, target=SHADOW)
    assert not collected.starts
    call_wsgi(app)
    assert collected.starts
