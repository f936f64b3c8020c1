"""Whatever of ours fails, the app does not learn of it: it answers as it would without us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from shadowtap import asgi, shield, wsgi
from shadowtap.capture import asgi as asgi_capture
from shadowtap.capture import wsgi as wsgi_capture
from shadowtap.capture.capture import Capture, Tee
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import Choice, Plan
from shadowtap.capture.streams import InputTee
from tests.support.apps import asgi_echo, wsgi_echo
from tests.support.calling import Answer, call_asgi, call_wsgi, wsgi_environ
from tests.support.collecting import SHADOW, Collected


class Trouble(Exception):
    """Something of ours has failed."""


def fail(*_: Any, **__: Any) -> Any:
    raise Trouble("anna@example.com")


BROKEN: dict[str, tuple[Any, str]] = {
    "the plan": (Mirror, "closed"),
    "the selection": (Mirror, "select"),
    "the choice": (Plan, "choose"),
    "the share": (Choice, "pick"),
    "the capture's begin on wsgi": (wsgi_capture, "from_environ"),
    "the capture's begin on asgi": (asgi_capture, "from_scope"),
    "the tee": (Tee, "add"),
    "the input": (InputTee, "_note"),
    "the answer's begin": (Capture, "answering"),
    "the answer's end": (Capture, "end"),
    "the account": (Capture, "_account"),
    "the exchange": (Capture, "_exchange"),
    "the endpoint on wsgi": (wsgi_capture.WsgiCapture, "endpoint"),
    "the endpoint on asgi": (asgi_capture.AsgiCapture, "endpoint"),
    "the rate": (Mirror, "within_rate"),
    "the release on wsgi": (wsgi_capture.WsgiCapture, "release"),
    "the release on asgi": (asgi_capture.AsgiCapture, "release"),
}


@pytest.fixture(autouse=True)
def quiet(collected: Collected, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Log each trouble anew, and do not look for an account that adds up."""
    collected.sound = False
    shield.forget()
    yield
    shield.forget()


def generator(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    yield environ["wsgi.input"].read(5)


async def in_pieces(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    fields = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": message["body"], "more_body": True})
    await send({"type": "http.response.body"})


EXPECTED = [("content-type", "text/plain"), ("content-length", "5")]


def answers() -> Iterator[Answer]:
    """Ask apps of both protocols that answer at once and bit by bit."""
    # What holds depends on the request, and all but one in a million are chosen.
    asks = {"target": SHADOW, "methods": ["POST"], "percent": 99.9999}
    for app in (wsgi_echo, generator):
        yield call_wsgi(wsgi.MirrorMiddleware(app, **asks), "POST", "/", (), b"hello")
    for asgi_app in (asgi_echo, in_pieces):
        yield call_asgi(asgi.MirrorMiddleware(asgi_app, **asks), "POST", "/", (), b"hello")


def check_answers() -> None:
    for status, headers, body in answers():
        assert (status, body) == (200, b"hello")
        assert [(name.lower(), value) for name, value in headers] == EXPECTED


@pytest.mark.parametrize("what", BROKEN)
def test_the_app_answers_though_a_part_of_ours_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    owner, name = BROKEN[what]
    monkeypatch.setattr(owner, name, fail)
    check_answers()
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("shadowtap")]
    assert any("Trouble in fail (test_faults.py:" in line for line in lines)
    assert len(lines) == 1, "one line for each kind of trouble"
    assert "anna" not in caplog.text


def test_the_app_answers_though_the_hand_over_fails(
    collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collected, "take", fail)
    check_answers()


def test_the_app_answers_though_the_hand_over_cannot_start(
    collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collected, "start", fail)
    check_answers()


def test_the_app_answers_though_the_callable_for_the_key_fails() -> None:
    answer = call_wsgi(
        wsgi.MirrorMiddleware(wsgi_echo, target=SHADOW, percent=50, sticky=fail), "POST", body=b"x"
    )
    assert answer.body == b"x"


class Broken(logging.Handler):
    """A handler of the app's that does not catch its own errors."""

    def handle(self, record: logging.LogRecord) -> bool:
        raise Trouble


@pytest.mark.parametrize("breaks", ["handler", "filter"])
def test_the_app_answers_though_logging_fails_too(monkeypatch: pytest.MonkeyPatch, breaks: str) -> None:
    monkeypatch.setattr(Plan, "choose", fail)
    logger = logging.getLogger("shadowtap")
    handler = Broken()
    if breaks == "handler":
        logger.addHandler(handler)
    else:
        logger.addFilter(fail)
    try:
        check_answers()
    finally:
        logger.removeHandler(handler)
        logger.removeFilter(fail)


@pytest.mark.parametrize(
    "what", ["the tee", "the answer's begin", "the answer's end", "the account", "the input"]
)
def test_the_apps_own_exception_passes_though_a_part_of_ours_fails(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(*BROKEN[what], fail)

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        raise ZeroDivisionError

    async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        call_wsgi(wsgi.MirrorMiddleware(app, target=SHADOW))
    with pytest.raises(ZeroDivisionError):
        call_asgi(asgi.MirrorMiddleware(asgi_app, target=SHADOW))


def test_a_websocket_passes_though_the_account_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mirror, "refuse", fail)
    called: list[Any] = []

    async def app(*arguments: Any) -> None:
        called.extend(arguments)

    asyncio.run(asgi.MirrorMiddleware(app, target=SHADOW)({"type": "websocket"}, None, None))
    assert called == [{"type": "websocket"}, None, None]


def test_no_capture_is_left_open_by_a_failure(collected: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    for what in ("the account", "the exchange", "the answer's end", "the release on asgi"):
        with monkeypatch.context() as patch:
            patch.setattr(*BROKEN[what], fail)
            list(answers())
        assert not any(mirror.open for mirror in collected.mirrors), what


def test_a_sweep_goes_on_to_the_next_capture_when_one_fails(
    collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = wsgi.MirrorMiddleware(generator, target=SHADOW, capture_timeout=1e-9)
    answers = [door(wsgi_environ("GET", f"/{number}", (), b""), lambda *_: None) for number in range(3)]
    for answer in answers:
        next(answer)
    whole = Capture._account

    def account(capture: Capture) -> None:
        if b"/1" in capture._parts:
            raise Trouble
        whole(capture)

    monkeypatch.setattr(Capture, "_account", account)
    collected.mirror.sweep()
    assert sorted(exchange.request.path for exchange in collected.exchanges) == [b"/0", b"/2"]
