from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from wsgiref.validate import validator

import pytest

from shadowtap.context import is_shadow
from shadowtap.guard.counts import counts
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.wsgi import GuardWsgi
from tests.guard.driving import wsgi
from tests.guard.marks import KEY, MARKED, signed

KEYED = GuardPolicy(mode="marked", key=KEY, max_body=1000)
PLAIN = [("Content-Type", "text/plain")]


def tells(environ: Any, start_response: Any) -> list[bytes]:
    """Answer whether this is a shadow request, and with its body."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [*PLAIN])
    return [json.dumps([is_shadow(), body.decode()]).encode()]


def never(environ: Any, start_response: Any) -> list[bytes]:
    raise AssertionError("the app was called")


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
    ("make_marks", "reason"),
    [
        (lambda: MARKED, "malformed_id"),
        (lambda: {**signed("POST", "/", b"body"), "X-Shadow-Request": "true,true"}, "malformed_mark"),
        (lambda: signed("POST", "/other", b"body"), "wrong_signature"),
        (lambda: signed("POST", "/", b"other"), "wrong_body"),
        (lambda: signed("POST", "/", b"body", age=3600), "stale"),
    ],
)
@pytest.mark.parametrize("mode", ["marked", "always"])
def test_a_mark_that_does_not_hold_is_refused_and_the_app_is_not_called(
    make_marks: Callable[[], dict[str, str]], reason: str, mode: Any
) -> None:
    answer = wsgi(GuardWsgi(never, GuardPolicy(mode=mode, key=KEY)), "POST", "/", make_marks(), b"body")
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
