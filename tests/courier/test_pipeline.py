from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from shadowtap import wire
from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.exchange import CapturedRequest, RedactedRequest
from tests.courier.inside import (
    FakeRedactor,
    as_it_is,
    configuration,
    configured,
    connect,
    eventually,
    running,
)
from tests.support import faults
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow

pytestmark = pytest.mark.usefixtures("redactor")


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running_shadow:
        yield running_shadow


def test_a_copy_is_sent_and_reported(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, shadow.url)
            web.give(exchange(b"/orders"))
            assert await web.wait_for(1) == {"answered": 1}

    asyncio.run(scenario())
    assert [request.target for request in shadow.requests] == [b"/orders"]


def test_outcomes_are_reported_together_and_soon(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, shadow.url)
            web.give(*(exchange() for _ in range(50)))
            start = time.monotonic()
            await web.wait_for(50)
            assert time.monotonic() - start < 5
            assert len([frame for frame in web.heard if isinstance(frame, wire.Tally)]) <= 10
            durations = [s for f in web.heard if isinstance(f, wire.Tally) for s in f.durations["shadow"]]
            assert len(durations) == 50
            assert all(seconds > 0 for seconds in durations)

    asyncio.run(scenario())


def test_more_copies_than_the_queue_is_long_are_dropped(redactor: type[FakeRedactor]) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, queue_length=10)
            web.give(*(exchange() for _ in range(200)))
            outcomes = await web.wait_for(200 - 10 - 16)  # the queue, and the batch in redaction
            assert outcomes.keys() == {"queue_full"}
            assert courier.status().queued <= 10
            redactor.go.set()
            outcomes = await web.wait_for(200)
            assert outcomes["queue_full"] + outcomes["connect_error"] + outcomes.get("breaker_open", 0) == 200

    asyncio.run(scenario())


def test_more_bytes_than_the_queue_holds_are_dropped(redactor: type[FakeRedactor]) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, queue_bytes=100_000)
            web.give(*(exchange(body=b"x" * 30_000) for _ in range(30)))
            outcomes = await web.wait_for(10)
            assert outcomes.keys() == {"queue_full"}
            assert courier._queued_bytes <= 100_000

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("gate", "outcome"),
    [(wire.Gate(open=False), "paused"), (wire.Gate(open=True, until=1.0), "expired")],
)
def test_a_closed_gate_holds_for_what_is_queued(
    redactor: type[FakeRedactor], shadow: RecordingShadow, gate: wire.Gate, outcome: str
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, shadow.url)
            web.give(*(exchange() for _ in range(40)))
            await eventually(lambda: courier.status().queued >= 20)
            web.say(gate)
            await eventually(lambda: next(iter(courier.clients)).gate == gate)
            redactor.go.set()
            assert await web.wait_for(40) == {outcome: 40}

    asyncio.run(scenario())
    assert not shadow.requests


def test_an_end_time_of_the_copy_itself_holds(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, shadow.url)
            web.give(exchange(until=time.time() - 1))
            assert await web.wait_for(1) == {"expired": 1}

    asyncio.run(scenario())
    assert not shadow.requests


def test_a_target_that_is_gone_from_the_settings_gets_nothing_more(
    redactor: type[FakeRedactor], shadow: RecordingShadow
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, shadow.url)
            web.give(exchange())
            moved = configuration()
            web.say(moved)
            await eventually(lambda: next(iter(courier.clients)).configuration == moved)
            redactor.go.set()
            assert await web.wait_for(1) == {"paused": 1}

    asyncio.run(scenario())
    assert not shadow.requests


def test_a_change_of_other_settings_lets_queued_copies_leave(
    redactor: type[FakeRedactor], shadow: RecordingShadow
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, shadow.url)
            web.give(exchange())
            changed = configuration(shadow.url, timeout="20s")
            web.say(changed)
            await eventually(lambda: next(iter(courier.clients)).configuration == changed)
            redactor.go.set()
            assert await web.wait_for(1) == {"answered": 1}

    asyncio.run(scenario())


def test_a_copy_that_waited_too_long_is_not_sent(
    redactor: type[FakeRedactor], shadow: RecordingShadow
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, shadow.url, timeout="100ms")
            web.give(exchange())
            await asyncio.sleep(0.15)
            redactor.go.set()
            assert await web.wait_for(1) == {"timeout": 1}

    asyncio.run(scenario())
    assert not shadow.requests


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RedactionFailed("body: took too long"), "redaction_failed"),
        (UnsupportedBody("body: format is not understood"), "unsupported_body"),
        (ValueError("kanarek"), "redaction_failed"),
        (RecursionError("kanarek"), "redaction_failed"),
        (MemoryError(), "redaction_failed"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_redacted_is_not_sent_and_the_next_copy_is(
    redactor: type[FakeRedactor],
    shadow: RecordingShadow,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    outcome: str,
) -> None:
    good = redactor.redacted

    def fail_once(request):
        redactor.redacted = staticmethod(good)
        raise error

    redactor.redacted = staticmethod(fail_once)

    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, shadow.url)
            web.give(exchange(), exchange(b"/next"))
            assert await web.wait_for(2) == {outcome: 1, "answered": 1}

    asyncio.run(scenario())
    assert [request.target for request in shadow.requests] == [b"/next"]
    assert "kanarek" not in caplog.text


def test_the_end_waits_for_copies_that_are_queued(
    redactor: type[FakeRedactor], shadow: RecordingShadow
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            redactor.go.clear()
            web = await configured(courier, shadow.url)
            web.give(*(exchange() for _ in range(40)))
            await eventually(lambda: courier.status().queued >= 20)
            ending = asyncio.ensure_future(courier.close())
            await asyncio.sleep(0)
            web.give(exchange())
            redactor.go.set()
            await ending
            await web.wait_until_hung_up()
            assert web.outcomes().get("answered", 0) == 40

    asyncio.run(scenario())
    assert len(shadow.requests) == 40


def test_the_end_comes_in_time_and_counts_what_is_left(redactor: type[FakeRedactor]) -> None:
    async def scenario() -> None:
        with RecordingShadow(serve=faults.hang) as hung:
            async with running() as courier:
                web = await configured(courier, hung.url, shutdown_grace="300ms")
                web.give(*(exchange() for _ in range(4)))
                await eventually(lambda: len(hung.requests) == 4)
                redactor.go.clear()  # these get stuck in redaction, and those behind them in the queue
                web.give(*(exchange() for _ in range(40)))
                await eventually(lambda: courier.status().queued >= 20)
                start = time.monotonic()
                await courier.close()
                assert 0.3 <= time.monotonic() - start < 1.5
                await web.wait_until_hung_up()
                assert web.outcomes() == {"shutdown": 44}

    asyncio.run(scenario())


def test_a_pipeline_that_breaks_down_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier)
            await eventually(lambda: courier.status().clients == 1)
            monkeypatch.setattr(courier._redaction.thread, "submit", refuse_threads)
            web.give(exchange())
            await asyncio.wait_for(courier.broken(), 10)
            await courier.close()
            await web.wait_until_hung_up()
            assert web.outcomes() == {"shutdown": 1}

    def refuse_threads(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    asyncio.run(scenario())
    assert "courier: RuntimeError in" in caplog.text


def test_web_processes_can_be_told_apart(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running() as courier:
            first, second = await configured(courier, shadow.url), await configured(courier)
            first.give(*(exchange() for _ in range(3)))
            second.give(exchange())
            assert await first.wait_for(3) == {"answered": 3}
            assert await second.wait_for(1) == {"connect_error": 1}
            unconfigured = await connect(courier)
            await eventually(lambda: len(courier.clients) == 3)
            assert courier.status().clients == 2
            unconfigured.writer.close()

    asyncio.run(scenario())


def test_copies_to_a_target_that_is_left_alone_are_not_redacted(redactor: type[FakeRedactor]) -> None:
    redacted = []

    def note(request: CapturedRequest) -> RedactedRequest:
        redacted.append(request.path)
        return as_it_is(request)

    redactor.redacted = staticmethod(note)

    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, breaker_failures=1, breaker_cooldown="1h")
            web.give(exchange(b"/fails"))
            assert await web.wait_for(1) == {"connect_error": 1}
            web.give(*(exchange(b"/later") for _ in range(20)))
            assert await web.wait_for(21) == {"connect_error": 1, "breaker_open": 20}

    asyncio.run(scenario())
    assert redacted == [b"/fails"]


def test_a_web_process_hears_which_targets_are_left_alone_and_for_how_long() -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, breaker_failures=1, breaker_cooldown="1h")
            web.give(exchange())
            await web.wait_for(1)
            (tally,) = [frame for frame in web.heard if isinstance(frame, wire.Tally)]
            assert tally.resting.keys() == {"shadow"}
            assert 3600 * 0.8 - 60 < tally.resting["shadow"] <= 3600

    asyncio.run(scenario())


def test_a_target_that_answers_is_none_that_is_left_alone(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await configured(courier, shadow.url)
            web.give(exchange())
            await web.wait_for(1)
            assert all(not frame.resting for frame in web.heard if isinstance(frame, wire.Tally))

    asyncio.run(scenario())
