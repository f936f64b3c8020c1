"""What keeps a copy here, and the life of a sender."""

from __future__ import annotations

import asyncio
import logging
import sys
import time

import httpx
import pytest
from opentelemetry import context

from shadowtap.exceptions import SettingsError
from shadowtap.outcome import Outcome
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Result
from tests.support.messages import reply
from tests.support.sending import copy, make_sender, send, send_at_once, with_sender
from tests.support.shadow import RecordingShadow


def test_the_gate_is_asked_before_a_copy_leaves() -> None:
    async def use(sender: Sender) -> Result:
        return await sender.send(copy(), lambda: Outcome.PAUSED)

    with RecordingShadow() as shadow:
        assert with_sender(shadow.url, use) == (Outcome.PAUSED, None)
        assert shadow.connections == 0


def test_a_copy_past_its_end_time_is_not_sent() -> None:
    with RecordingShadow() as shadow:
        assert send(shadow.url, copy(until=time.time() - 1)) == [(Outcome.EXPIRED, None)]
        assert shadow.connections == 0


def test_a_copy_past_its_deadline_is_not_sent() -> None:
    with RecordingShadow() as shadow:
        assert send(shadow.url, copy(timeout=-1.0)) == [(Outcome.TIMEOUT, None)]
        assert shadow.connections == 0


def test_after_close_nothing_is_sent() -> None:
    async def use(sender: Sender) -> Result:
        await sender.send(copy())
        await sender.close()
        return await sender.send(copy())

    with RecordingShadow() as shadow:
        assert with_sender(shadow.url, use) == (Outcome.SHUTDOWN, None)
        assert len(shadow.requests) == 1


def test_a_sender_that_sent_nothing_can_be_closed() -> None:
    asyncio.run(make_sender("http://127.0.0.1:9").close())


def test_a_sender_is_made_without_a_running_loop() -> None:
    make_sender("http://127.0.0.1:9")


def test_to_make_a_sender_opens_no_connection() -> None:
    async def nothing(sender: Sender) -> None: ...

    with RecordingShadow() as shadow:
        with_sender(shadow.url, nothing)
        assert shadow.connections == 0


def test_an_error_that_nobody_foresaw_is_an_outcome(caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError("with a value of the request")

    caplog.set_level(logging.DEBUG, "shadowtap")
    assert send("http://v2.test", copy(), transport=httpx.MockTransport(fail)) == [
        (Outcome.PROTOCOL_ERROR, None)
    ]
    assert "ZeroDivisionError" in caplog.text
    assert "value of the request" not in caplog.text


def test_our_own_calls_are_not_traced() -> None:
    seen = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(context.get_value("suppress_instrumentation"))
        return httpx.Response(200)

    assert send("http://v2.test", copy(), transport=httpx.MockTransport(handle))[0][0] is Outcome.ANSWERED
    assert seen == [True]
    assert context.get_value("suppress_instrumentation") is None


def test_http2_that_is_not_installed_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "h2", None)
    with pytest.raises(SettingsError, match=r"pip install shadowtap\[http2\]"):
        make_sender("https://v2.test", http2=True)


def test_a_ca_file_that_cannot_be_read_is_an_error_at_the_start() -> None:
    with pytest.raises(SettingsError, match="ca_file"):
        make_sender("https://v2.test", ca_file="/does/not/exist.pem")


def test_copies_sent_at_once_get_their_own_answers() -> None:
    with RecordingShadow(lambda request: reply(body=request.target)) as shadow:
        copies = [copy(b"/%d" % number) for number in range(40)]
        results = send_at_once(shadow.url, *copies)
    assert [answer.body for _, answer in results if answer] == [one.request.path for one in copies]
