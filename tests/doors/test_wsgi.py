"""The WSGI door, call by call: the server sees of an app with it what it sees of the app without it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

import pytest

from shadowtap.capture.decorators import seen
from shadowtap.outcome import Outcome
from shadowtap.wsgi import MirrorMiddleware
from tests.doors import wsgi_answers
from tests.doors.wsgi_answers import ANSWERS, Odd, Server
from tests.support.apps import wsgi_echo
from tests.support.calling import call_wsgi, wsgi_environ
from tests.support.collecting import SHADOW, Collected


def mirrored(app: Any, **settings: Any) -> Any:
    return MirrorMiddleware(app, target=SHADOW, **settings)


@pytest.mark.parametrize("decorated", [False, True])
@pytest.mark.parametrize("answer", ANSWERS)
def test_the_server_sees_the_same(
    collected: Collected, monkeypatch: pytest.MonkeyPatch, answer: str, decorated: bool
) -> None:
    monkeypatch.setattr(seen, "any", decorated)
    bare, ours = Server(), Server()
    bare.serve(ANSWERS[answer])
    ours.serve(mirrored(ANSWERS[answer]))
    assert ours.events == bare.events
    assert sum(collected.outcomes().values()) == 1


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_server_sees_the_same_when_its_client_goes_away(collected: Collected, answer: str) -> None:
    bare, ours = Server(chunks=1), Server(chunks=1)
    bare.serve(ANSWERS[answer])
    ours.serve(mirrored(ANSWERS[answer]))
    assert ours.events == bare.events


BODIES = {
    "one chunk": ((b"one",), False),
    "chunks in a tuple": ((b"one", b"two"), False),
    "a subclass of list": ((b"one",), False),
    "a collection": ((b"one",), False),
    "a generator that starts late": ((b"one", b"two"), False),
    "written and returned": ((b"written", b"one"), False),
    "nothing": ((), False),
    "raised amid": ((b"one",), True),
    "raised at once": ((), True),
    "a file": ((), True),
}


@pytest.mark.parametrize("answer", BODIES)
def test_the_copy_knows_what_it_saw_of_the_answer(collected: Collected, answer: str) -> None:
    Server().serve(mirrored(ANSWERS[answer]))
    response = collected.only.response
    assert (response.body, response.truncated) == BODIES[answer]


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_is_handed_to_the_server_itself(collected: Collected, kind: Any) -> None:
    result = kind([b"one"])

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return result

    assert mirrored(app)(wsgi_environ("GET", "/", (), b""), lambda *_: None) is result


@pytest.mark.parametrize("kind", ["class", "function"])
def test_a_file_is_handed_to_the_server_itself(collected: Collected, kind: str) -> None:
    """A server knows its own wrapper by its type; uWSGI has a function that returns the file."""
    file = BytesIO(b"content")
    wrapper = FileWrapper if kind == "class" else lambda file, size=0: file

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](file, 3)

    environ = {**wsgi_environ("GET", "/", (), b""), "wsgi.file_wrapper": wrapper}
    result = mirrored(app)(environ, lambda *_: None)
    assert type(result) is FileWrapper if kind == "class" else result is file
    assert file.tell() == 0
    assert collected.only.response.truncated


def test_what_was_not_made_by_the_servers_wrapper_is_passed_on_chunk_by_chunk(collected: Collected) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        environ["wsgi.file_wrapper"](BytesIO(b"other"))
        start_response("200 OK", [])
        return iter([b"one"])

    assert call_wsgi(mirrored(app), **{"wsgi.file_wrapper": lambda file: file}).body == b"one"
    assert collected.only.response.body == (b"one",)


def test_the_environ_that_is_passed_on_is_the_same(collected: Collected) -> None:
    environ = {**wsgi_environ("POST", "/", (), b"x"), "wsgi.early_hints": print, "server.own": object()}
    before = dict(environ)
    got: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        got.append(environ)
        return wsgi_echo(environ, start_response)

    mirrored(app)(environ, lambda *_: None)
    assert got[0] is environ
    assert {k: v for k, v in environ.items() if k != "wsgi.input"} == {
        k: v for k, v in before.items() if k != "wsgi.input"
    }


def test_without_a_body_the_input_is_the_servers_own(collected: Collected) -> None:
    environ = wsgi_environ("GET", "/", (), b"")
    stream = environ["wsgi.input"]
    mirrored(wsgi_echo)(environ, lambda *_: None)
    assert environ["wsgi.input"] is stream


def test_a_request_that_is_not_captured_passes_untouched(collected: Collected) -> None:
    given: list[Any] = [wsgi_environ("POST", "/", (), b"x"), object()]
    before, result = dict(given[0]), object()
    got: list[Any] = []

    def app(*arguments: Any) -> Any:
        got.extend(arguments)
        return result

    assert mirrored(app, percent=0)(*given) is result
    assert all(ours is its for ours, its in zip(got, given, strict=True))
    assert given[0] == before


def test_an_environ_without_input_is_the_apps_affair(collected: Collected) -> None:
    environ = wsgi_environ("POST", "/", (), b"x")
    del environ["wsgi.input"]

    def app(environ: Any, start_response: Any) -> Any:
        assert "wsgi.input" not in environ
        start_response("200 OK", [])
        return [b""]

    mirrored(app)(environ, lambda *_: None)
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 1}


@pytest.mark.parametrize("error", [ValueError, Odd, SystemExit, KeyboardInterrupt, GeneratorExit])
@pytest.mark.parametrize("place", ["call", "start", "iteration", "close"])
def test_an_exception_passes_unchanged(collected: Collected, error: type[BaseException], place: str) -> None:
    raised = error("told")
    with pytest.raises(error) as caught:
        call_wsgi(mirrored(wsgi_answers.raising(raised, place)))
    assert caught.value is raised
    assert collected.outcomes() == {"copied": 1}


def test_each_chunk_is_passed_on_before_the_next_is_made(collected: Collected) -> None:
    order: list[str] = []

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for number in range(3):
            order.append(f"made {number}")
            yield str(number).encode()

    answer = mirrored(app)(wsgi_environ("GET", "/", (), b""), lambda *_: None)
    order.extend(f"sent {chunk.decode()}" for chunk in answer)
    assert order == ["made 0", "sent 0", "made 1", "sent 1", "made 2", "sent 2"]


def test_the_body_is_read_only_when_the_app_reads_it(collected: Collected) -> None:
    class Untouched:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"nobody asked for {name}")

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [b"ok"]

    call_wsgi(mirrored(app), "POST", "/", body=b"x", **{"wsgi.input": Untouched()})
    assert collected.outcomes() == {Outcome.BODY_UNREAD: 1}


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_both_sides_of_the_door_keep_to_the_specification(collected: Collected, method: str) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"written ")
        return iter([body]) if method != "HEAD" else []

    body = b"body" if method == "POST" else b""
    answer = call_wsgi(validator(mirrored(validator(app))), method, "/a?b=c", [("Accept", "*/*")], body)
    assert answer.body == b"written " + body
    assert collected.outcomes() == {"copied": 1}


def test_what_the_answers_object_has_of_its_own_can_be_reached(collected: Collected) -> None:
    class Answer:
        extra = "its own"

        def __iter__(self) -> Iterator[bytes]:
            return iter([b"one"])

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return Answer()

    result: Any = mirrored(app)(wsgi_environ("GET", "/", (), b""), lambda *_: None)
    assert result.extra == "its own"
    assert not hasattr(result, "other")
    assert not hasattr(result, "__len__")
    assert next(result) == b"one"
    result.close()


def test_an_answer_that_is_never_iterated_is_accounted_for_when_closed(collected: Collected) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"one"

    result: Any = mirrored(app)(wsgi_environ("GET", "/", (), b""), lambda *_: None)
    assert not collected.exchanges
    result.close()
    assert collected.only.response.status == 0
