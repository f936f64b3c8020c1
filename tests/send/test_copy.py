from __future__ import annotations

from shadowtap.send.copy import Answer
from tests.support.sending import copy


def test_a_copy_shows_no_content() -> None:
    one = copy(b"/path-x", headers=((b"a", b"header-x"),), body=b"body-x", set_headers=(("t", "secret-x"),))
    assert "-x" not in repr(one)
    assert one.id in repr(one)


def test_an_answer_shows_no_content() -> None:
    answer = Answer(
        status=200, headers=((b"a", b"header-x"),), body=b"body-x", truncated=False, duration=1.0, queued=0.0
    )
    assert "-x" not in repr(answer)
    assert "200" in repr(answer)
