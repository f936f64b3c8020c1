"""Redaction in a process of its own, by redactors that hang, die and grow when a body says so."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from shadowtap import wire
from shadowtap.courier import batch
from shadowtap.courier import isolation as isolation_module
from shadowtap.courier.isolation import Isolation
from tests.courier.inside import configuration, configured, eventually, running
from tests.courier.isolated import OBEDIENT, QUICK, Scene, core_limit, os_state, scene, told
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are told by /proc")


@pytest.fixture(autouse=True)
def obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [OBEDIENT, os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running_shadow:
        yield running_shadow


@pytest.mark.parametrize("order", [b"hang", b"sleep"])
def test_what_hangs_in_redaction_is_lost_alone(shadow: RecordingShadow, order: bytes) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            before, after = (told(b"fine", path) for path in (b"/before", b"/after"))
            start = time.monotonic()
            assert await on.outcomes(before, told(order), after) == {"answered": 2, "redaction_failed": 1}
            assert time.monotonic() - start < 10
            assert on.restarts == 1
            assert await on.outcomes(told(b"more")) == {"answered": 3, "redaction_failed": 1}

    asyncio.run(scenario())
    assert sorted(request.target for request in shadow.requests) == [b"/", b"/after", b"/before"]


def test_while_redaction_hangs_the_courier_answers(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow, redact_timeout="600s") as on:
            await on.outcomes(told(b"fine"))
            _, worker = await on.started()
            on.web.give(told(b"hang"), told(b"fine"))
            await eventually(lambda: os_state(worker) == "R")
            start = time.monotonic()
            on.web.say(wire.Gate(open=False))
            await eventually(lambda: not next(iter(on.courier.clients)).gate.open)
            assert time.monotonic() - start < 1
            os.kill(worker, signal.SIGKILL)
            assert await on.web.wait_for(3) == {"answered": 1, "redaction_failed": 1, "paused": 1}

    asyncio.run(scenario())
    assert len(shadow.requests) == 1


def test_the_same_body_is_not_tried_again_and_others_are(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            await on.outcomes(told(b"hang a"))
            _, worker = await on.started()
            same = told(b"hang a", b"/elsewhere")
            assert await on.outcomes(same, told(b"fine")) == {"redaction_failed": 2, "answered": 1}
            assert (on.restarts, on.isolation.processes[1]) == (1, worker)
            await on.outcomes(told(b"hang b"))
            assert on.restarts == 2

    asyncio.run(scenario())


def test_a_path_that_hangs_is_held_against_the_path_alone(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            await on.outcomes(told(b"fine", b"hang"))
            outcomes = await on.outcomes(told(b"fine"), told(b"other", b"hang"))
            assert outcomes == {"redaction_failed": 2, "answered": 1}
            assert on.restarts == 1

    asyncio.run(scenario())


def test_other_settings_give_what_hung_another_chance(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            await on.outcomes(told(b"hang"))
            on.web.say(configuration(shadow.url, **QUICK, redact_key="k" * 32))
            await on.outcomes(told(b"hang"))
            assert on.restarts == 2
            assert (await on.outcomes(told(b"fine")))["answered"] == 1

    asyncio.run(scenario())


def test_the_log_names_the_request_by_method_and_route(
    shadow: RecordingShadow, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            hangs = told(b"hang kanarek", b"/users/kanarek")
            hangs = msgspec.structs.replace(
                hangs, request=msgspec.structs.replace(hangs.request, route="/users/{name}")
            )
            rude = msgspec.structs.replace(
                hangs, request=msgspec.structs.replace(hangs.request, method="KANAREK", body=(b"hang two",))
            )
            await on.outcomes(hangs, rude)
            [trouble] = on.troubles()
            assert trouble.startswith("redaction stopped: the body of POST /users/{name} took too much")

    asyncio.run(scenario())
    assert "redaction stopped: the body of POST /users/{name}" in caplog.text
    assert "kanarek" not in caplog.text.lower()


def test_a_killed_process_loses_what_it_was_at_and_nothing_else(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            given = [told(b"fine"), told(b"die"), *(told(b"fine") for _ in range(20))]
            assert await on.outcomes(*given) == {"answered": 21, "redaction_failed": 1}
            assert on.restarts == 1

    asyncio.run(scenario())


def test_what_a_process_died_of_twice_is_not_tried_a_third_time(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            for restarts in (1, 2, 2):
                await on.outcomes(told(b"die"))
                assert on.restarts == restarts

    asyncio.run(scenario())


@pytest.mark.parametrize("which", ["nursery", "worker"])
def test_a_process_that_is_killed_while_idle_is_replaced(shadow: RecordingShadow, which: str) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            await on.outcomes(told(b"fine"))
            nursery, worker = await on.started()
            os.kill(nursery if which == "nursery" else worker, signal.SIGKILL)
            await eventually(lambda: on.restarts == 1)
            await eventually(lambda: worker not in on.isolation.processes)
            await on.started()
            assert await on.outcomes(told(b"fine")) == {"answered": 2}
            assert on.restarts == 1

    asyncio.run(scenario())


def test_a_nursery_that_is_killed_at_work_is_replaced(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow, redact_timeout="600s") as on:
            await on.outcomes(told(b"fine"))
            nursery, worker = await on.started()
            on.web.give(told(b"hang"), told(b"fine"))
            await eventually(lambda: os_state(worker) == "R")
            os.kill(nursery, signal.SIGKILL)
            assert await on.web.wait_for(3) == {"answered": 2, "redaction_failed": 1}

    asyncio.run(scenario())


def test_a_process_that_has_grown_is_replaced_without_loss(
    shadow: RecordingShadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation_module, "MEMORY_INTERVAL", 0.0)

    async def scenario() -> None:
        async with scene(shadow, redact_memory="64MiB") as on:
            for number in range(8):
                await on.outcomes(told(b"grow 24", b"/%d" % number))
            assert await on.outcomes() == {"answered": 8}
            assert 1 <= on.restarts <= 4

    asyncio.run(scenario())
    assert len(shadow.requests) == 8


def test_what_grows_without_bound_is_lost_alone(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow, redact_timeout="600s", redact_memory="64MiB") as on:
            assert await on.outcomes(told(b"balloon"), told(b"fine")) == {
                "redaction_failed": 1,
                "answered": 1,
            }
            assert on.restarts == 1

    asyncio.run(scenario())


def test_nothing_that_is_said_or_raised_in_redaction_gets_out(
    shadow: RecordingShadow, capfd: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            assert await on.outcomes(told(b"rave")) == {"redaction_failed": 1}

    asyncio.run(scenario())
    assert capfd.readouterr() == ("", "")


def test_a_redactor_that_cannot_be_made_fails_each_copy(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with running(Isolation()) as courier:
            broken = msgspec.structs.replace(configuration(shadow.url), redact_key=b"cannot be made")
            web = await configured(courier)
            web.say(broken)
            web.give(exchange(), exchange())
            assert await web.wait_for(2) == {"redaction_failed": 2}
            [trouble] = [f.text for f in web.heard if isinstance(f, wire.Trouble)]
            assert trouble.startswith("ValueError in Obedient.__init__")
            assert "kanarek" not in trouble

    asyncio.run(scenario())


def test_a_nursery_that_ends_before_it_was_of_use_ends_the_courier(
    shadow: RecordingShadow, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with running(Isolation()) as courier:
            web = await configured(courier)
            web.say(msgspec.structs.replace(configuration(shadow.url), redact_key=b"ends the nursery"))
            web.give(exchange())
            await asyncio.wait_for(courier.broken(), 20)
            await courier.close()
            await web.wait_until_hung_up()
            assert web.outcomes() == {"shutdown": 1}

    asyncio.run(scenario())
    assert "courier: the process that loads Presidio has ended" in caplog.text


def test_a_web_process_that_comes_back_with_the_same_settings_changes_nothing(
    shadow: RecordingShadow,
) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            await on.outcomes(told(b"hang"))
            _, worker = await on.started()
            on.web.writer.close()
            await eventually(lambda: not on.courier.clients)
            again = Scene(on.courier, await configured(on.courier, shadow.url, **QUICK), on.isolation)
            outcomes = await again.outcomes(told(b"hang"), told(b"fine"))
            assert outcomes == {"redaction_failed": 1, "answered": 1}
            assert on.isolation.processes[1] == worker

    asyncio.run(scenario())


def test_what_cannot_be_exchanged_with_the_process_is_lost_alone(
    shadow: RecordingShadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            with monkeypatch.context() as broken:
                broken.setattr(batch, "answers", None)
                assert await on.outcomes(told(b"fine")) == {"redaction_failed": 1}
            assert await on.outcomes(told(b"fine")) == {"redaction_failed": 1, "answered": 1}

    asyncio.run(scenario())


def test_the_end_comes_in_time_while_redaction_hangs(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow, redact_timeout="600s", shutdown_grace="300ms") as on:
            _, worker = await on.started()
            on.web.give(told(b"hang"), told(b"fine"))
            await eventually(lambda: os_state(worker) == "R")
            start = time.monotonic()
            await on.courier.close()
            assert time.monotonic() - start < 2
            await on.web.wait_until_hung_up()
            assert on.web.outcomes() == {"shutdown": 2}
            await eventually(lambda: not Path(f"/proc/{worker}").exists() or os_state(worker) == "Z")

    asyncio.run(scenario())


def test_no_core_is_written_of_what_holds_requests(shadow: RecordingShadow) -> None:
    async def scenario() -> None:
        async with scene(shadow) as on:
            for pid in await on.started():
                assert core_limit(pid) in ("0", "1")

    asyncio.run(scenario())
