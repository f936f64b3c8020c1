from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

import pytest

from shadowtap.context import is_shadow, shadow
from shadowtap.guard.counts import counts
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.driving import WsgiAnswer, environ, wsgi
from tests.guard.marks import KEY, MARKED

OPEN = GuardPolicy(mode="marked")
KEYED = GuardPolicy(mode="marked", key=KEY, max_body=1000)
ALWAYS = GuardPolicy(mode="always")
PLAIN = [("Content-Type", "text/plain")]
TIMING = re.compile(r"shadowtap;dur=\d+\.\d{3}")


def tells(environ: Any, start_response: Any) -> list[bytes]:
    """Answer whether this is a shadow request, and with its body."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [*PLAIN])
    return [json.dumps([is_shadow(), body.decode()]).encode()]


def effects(environ: Any, start_response: Any) -> list[bytes]:
    """Have two effects blocked before the answer starts, and one after that."""
    shadow.get().record("send_mail")  # type: ignore[union-attr]
    shadow.get().record("charge")  # type: ignore[union-attr]
    start_response("200 OK", [*PLAIN])
    shadow.get().record("late")  # type: ignore[union-attr]
    return [b"done"]


class Streams:
    """An app whose answer keeps where it was asked for each of its parts."""

    def __init__(self) -> None:
        self.inside: list[tuple[str, bool]] = []

    def __call__(self, environ: Any, start_response: Any) -> Streams:
        self._note("call")
        start_response("200 OK", [*PLAIN])
        return self

    def _note(self, what: str) -> None:
        self.inside.append((what, is_shadow()))

    def __iter__(self) -> Iterator[bytes]:
        self._note("iter")
        self._chunks = iter([b"a", b"b"])
        return self

    def __next__(self) -> bytes:
        self._note("next")
        return next(self._chunks)

    def close(self) -> None:
        self._note("close")

    def own(self) -> str:
        return "the app's"


def test_an_ordinary_request_gets_the_servers_own_objects_and_its_answer_is_not_wrapped() -> None:
    answer: list[bytes] = [b"x"]
    given: list[Any] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        given.extend([environ, start_response])
        return answer

    def start_response(*args: Any) -> Any: ...

    made = environ()
    before = dict(made)
    assert GuardWsgi(app, KEYED)(made, start_response) is answer
    assert given[0] is made
    assert given[1] is start_response
    assert made == before
    assert counts.read() == {"unmarked": 1}


def test_a_marked_request_is_a_shadow_request_and_an_ordinary_one_is_not() -> None:
    app = GuardWsgi(validator(tells), OPEN)
    assert json.loads(wsgi(app, headers=MARKED).body) == [True, ""]
    assert json.loads(wsgi(app).body) == [False, ""]
    assert not is_shadow()


def test_in_mode_always_every_request_is_a_shadow_request() -> None:
    answer = wsgi(GuardWsgi(validator(tells), ALWAYS))
    assert json.loads(answer.body) == [True, ""]
    assert answer.headers == PLAIN
    assert counts.read() == {"guarded": 1}


def test_the_answer_to_a_mirror_tells_the_apps_time_after_the_apps_own_headers() -> None:
    own = [*PLAIN, ("Server-Timing", "db;dur=53"), ("X-App", "1")]

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", own)
        return [b""]

    answer = wsgi(GuardWsgi(validator(app), OPEN), headers=MARKED)
    assert answer.headers[:3] == own
    assert [name for name, _ in answer.headers[3:]] == ["Server-Timing"]
    assert TIMING.fullmatch(answer.headers[3][1])
    assert len(own) == 3


def test_the_answer_to_a_mirror_names_the_effects_that_were_blocked_before_it_started() -> None:
    answer = wsgi(GuardWsgi(effects, OPEN), headers=MARKED)
    assert answer.header("X-Shadow-Effects") == ['blocked=2, effects=("send_mail" "charge")']
    assert wsgi(GuardWsgi(effects, ALWAYS)).headers == PLAIN


@pytest.mark.parametrize("mark", [True, False])
def test_every_part_of_a_streamed_answer_runs_inside_and_nothing_between_them_does(mark: bool) -> None:
    app, answer = Streams(), WsgiAnswer()
    result: Any = GuardWsgi(app, OPEN)(environ(headers=MARKED if mark else {}), answer.start)
    outside = [is_shadow()]
    iterator = iter(result)
    for _ in range(2):
        next(iterator)
        outside.append(is_shadow())
    assert next(iterator, None) is None
    result.close()
    outside.append(is_shadow())
    assert app.inside == [(what, mark) for what in ("call", "iter", "next", "next", "next", "close")]
    assert not any(outside)


def test_a_streamed_answer_may_be_iterated_without_asking_for_its_iterator() -> None:
    app, answer = Streams(), WsgiAnswer()
    result: Any = GuardWsgi(app, OPEN)(environ(headers=MARKED), answer.start)
    assert next(result) == b"a"


def test_a_streamed_answer_keeps_its_own_attributes() -> None:
    result: Any = GuardWsgi(Streams(), OPEN)(environ(headers=MARKED), WsgiAnswer().start)
    assert result.own() == "the app's"
    assert not hasattr(result, "missing")


def test_an_exception_in_a_stream_reaches_the_server_and_ends_the_scope() -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [*PLAIN])
        yield b"a"
        raise LookupError("the app's own")

    with pytest.raises(LookupError, match="the app's own"):
        wsgi(GuardWsgi(validator(app), OPEN), headers=MARKED)
    assert not is_shadow()


def test_an_exception_of_the_app_reaches_the_server_and_ends_the_scope() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        raise LookupError("the app's own")

    with pytest.raises(LookupError, match="the app's own"):
        wsgi(GuardWsgi(app, OPEN), headers=MARKED)
    assert not is_shadow()


@pytest.mark.parametrize("answer", [[b"one"], (b"one",)])
def test_lists_are_passed_on_themselves_so_that_servers_can_tell_their_length(answer: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [*PLAIN])
        return answer

    assert GuardWsgi(app, OPEN)(environ(headers=MARKED), WsgiAnswer().start) is answer


def test_other_collections_keep_their_length() -> None:
    class Chunks(list[bytes]):
        pass

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [*PLAIN])
        return Chunks([b"one"])

    result = GuardWsgi(app, OPEN)(environ(headers=MARKED), WsgiAnswer().start)
    assert len(result) == 1  # type: ignore[arg-type]
    assert list(result) == [b"one"]


def test_the_write_callable_is_the_servers_own() -> None:
    answer = WsgiAnswer()
    writes: list[Any] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        writes.append(start_response("200 OK", [*PLAIN]))
        writes[0](b"written")
        return []

    GuardWsgi(app, OPEN)(environ(headers=MARKED), answer.start)
    assert writes == [answer.written.append]
    assert answer.written == [b"written"]


@pytest.mark.parametrize("named", [True, False])
def test_exc_info_reaches_the_server(named: bool) -> None:
    info = (LookupError, LookupError("x"), None)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [*PLAIN])
        if named:
            start_response("500 Oops", [*PLAIN], exc_info=info)
        else:
            start_response("500 Oops", [*PLAIN], info)
        return [b""]

    answer = wsgi(GuardWsgi(app, OPEN), headers=MARKED, validate=False)
    assert answer.status == "500 Oops"
    assert answer.exc_info == info
    assert len(answer.header("Server-Timing")) == 1


class File(io.BytesIO):
    """A file whose methods are the app's own code."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.inside: list[tuple[str, bool]] = []

    def read(self, *args: Any) -> bytes:
        self.inside.append(("read", is_shadow()))
        return super().read(*args)

    def close(self) -> None:
        self.inside.append(("close", is_shadow()))

    def fileno(self) -> int:
        return 99


def send_file(file: Any) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [*PLAIN])
        return environ["wsgi.file_wrapper"](file, 3)

    return app


def test_a_file_reaches_the_server_in_its_own_wrapper_and_is_read_inside() -> None:
    file = File(b"hello")
    made = environ(headers=MARKED, **{"wsgi.file_wrapper": FileWrapper})
    result: Any = GuardWsgi(send_file(file), OPEN)(made, WsgiAnswer().start)
    assert type(result) is FileWrapper
    assert result.filelike.fileno() == 99
    assert b"".join(result) == b"hello"
    result.close()
    assert file.inside == [("read", True)] * 3 + [("close", True)]
    assert made["wsgi.file_wrapper"] is FileWrapper


def test_a_file_without_a_close_method_needs_none() -> None:
    class Reader:
        def read(self, size: int) -> bytes:
            return b""

    made = environ(headers=MARKED, **{"wsgi.file_wrapper": FileWrapper})
    GuardWsgi(send_file(Reader()), OPEN)(made, WsgiAnswer().start).close()  # type: ignore[attr-defined]


def test_an_ordinary_request_gets_the_servers_file_wrapper() -> None:
    file = File(b"hello")
    result: Any = GuardWsgi(send_file(file), OPEN)(
        environ(**{"wsgi.file_wrapper": FileWrapper}), WsgiAnswer().start
    )
    assert result.filelike is file


def test_what_a_shadow_request_calls_in_its_own_process_is_a_part_of_it() -> None:
    def gateway(environ: Any, start_response: Any) -> list[bytes]:
        inner = wsgi(GuardWsgi(effects, KEYED), headers=MARKED)
        assert inner.headers == PLAIN
        start_response("200 OK", [*PLAIN])
        return [b""]

    answer = wsgi(GuardWsgi(gateway, OPEN), headers=MARKED)
    assert answer.header("X-Shadow-Effects") == ['blocked=3, effects=("send_mail" "charge" "late")']
