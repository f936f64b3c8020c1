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
from tests.guard.marks import KEY, MARKED, signed

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


def never(environ: Any, start_response: Any) -> list[bytes]:
    raise AssertionError("the app was called")


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


def test_a_signed_request_gets_its_body_as_if_nobody_had_read_it() -> None:
    body = b'{"amount": 5}'
    marks = signed("POST", "/pay?x=1", body)
    answer = wsgi(GuardWsgi(validator(tells), KEYED), "POST", "/pay?x=1", marks, body)
    assert json.loads(answer.body) == [True, body.decode()]


def test_a_body_of_unknown_length_is_read_where_the_server_says_that_it_ends() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [*PLAIN])
        return [environ["wsgi.input"].read()]

    chunked = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    marks = signed("POST", "/", b"chunked")
    answer = wsgi(GuardWsgi(app, KEYED), "POST", "/", marks, b"chunked", validate=False, **chunked)
    assert answer.body == b"chunked"


def test_a_body_whose_end_nobody_can_tell_is_not_read() -> None:
    marks = signed("POST", "/", b"chunked")
    answer = wsgi(GuardWsgi(never, KEYED), "POST", "/", marks, b"chunked", CONTENT_LENGTH="")
    assert answer.status == "403 Forbidden"


class Trickle(io.BytesIO):
    """A stream that gives less than it is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 2))


def test_a_stream_that_gives_less_than_asked_for_is_read_on() -> None:
    marks = signed("POST", "/", b"hello")
    stream = {"wsgi.input": Trickle(b"hello, next request")}
    answer = wsgi(GuardWsgi(tells, KEYED), "POST", "/", marks, b"hello", **stream)
    assert json.loads(answer.body) == [True, "hello"]


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        (MARKED, "malformed_id"),
        ({**signed("POST", "/", b"body"), "X-Shadow-Request": "true,true"}, "malformed_mark"),
        (signed("POST", "/other", b"body"), "wrong_signature"),
        (signed("POST", "/", b"other"), "wrong_body"),
        (signed("POST", "/", b"body", age=3600), "stale"),
    ],
)
@pytest.mark.parametrize("mode", ["marked", "always"])
def test_a_mark_that_does_not_hold_is_refused_and_the_app_is_not_called(
    marks: dict[str, str], reason: str, mode: Any
) -> None:
    answer = wsgi(GuardWsgi(never, GuardPolicy(mode=mode, key=KEY)), "POST", "/", marks, b"body")
    assert answer.status == "403 Forbidden"
    assert answer.header("Content-Length") == [str(len(answer.body))]
    assert json.loads(answer.body)["error"] == "shadow request refused"
    assert counts.read() == {reason: 1}


def test_a_second_mark_that_a_server_joins_to_the_first_is_refused() -> None:
    marks = [*signed().items(), ("X-Shadow-Request", "true")]
    assert wsgi(GuardWsgi(never, KEYED), headers=marks).status == "403 Forbidden"


def test_a_replay_is_refused() -> None:
    app, marks = GuardWsgi(tells, KEYED), signed()
    assert wsgi(app, headers=marks).status == "200 OK"
    assert wsgi(app, headers=marks).status == "403 Forbidden"


def test_a_body_over_the_limit_is_refused_before_it_is_read_to_its_end() -> None:
    body = b"x" * (KEYED.body_limit + 5)
    stream = io.BytesIO(body)
    marks = signed("POST", "/", body)
    answer = wsgi(GuardWsgi(never, KEYED), "POST", "/", marks, body, **{"wsgi.input": stream})
    assert answer.status == "413 Content Too Large"
    assert stream.tell() == KEYED.body_limit + 1


def test_a_refused_head_request_is_answered_without_a_body() -> None:
    answer = wsgi(GuardWsgi(never, KEYED), "HEAD", headers=MARKED)
    assert answer.body == b""
    assert int(answer.header("Content-Length")[0]) > 0


def test_what_a_shadow_request_calls_in_its_own_process_is_a_part_of_it() -> None:
    def gateway(environ: Any, start_response: Any) -> list[bytes]:
        inner = wsgi(GuardWsgi(effects, KEYED), headers=MARKED)
        assert inner.headers == PLAIN
        start_response("200 OK", [*PLAIN])
        return [b""]

    answer = wsgi(GuardWsgi(gateway, OPEN), headers=MARKED)
    assert answer.header("X-Shadow-Effects") == ['blocked=3, effects=("send_mail" "charge" "late")']
