"""What a courier makes of what comes over a socket, whatever it is."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowtap import wire
from shadowtap.courier import client as client_module
from shadowtap.courier.client import Client
from shadowtap.exchange import Exchange
from tests.courier.inside import Web, configuration, configured, connect, eventually, running
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow

pytestmark = pytest.mark.usefixtures("redactor")


def heard_when_hung_up(*frames: wire.Frame) -> str:
    """Return the trouble that a courier tells a web process on whose frames it hangs up."""

    async def scenario() -> str:
        async with running() as courier:
            web = await connect(courier)
            web.say(*frames)
            [trouble] = [f for f in await web.wait_until_hung_up() if isinstance(f, wire.Trouble)]
            assert not courier.status().pending
            return trouble.text

    return asyncio.run(scenario())


def test_another_release_is_told_so_and_hung_up_on() -> None:
    other = msgspec.structs.replace(configuration(), version="0.0.1")
    assert "it runs shadowtap 0.0.1, this is" in heard_when_hung_up(other)


def test_an_exchange_before_any_settings_is_not_taken() -> None:
    assert "an exchange before any configuration" in heard_when_hung_up(exchange())


def test_settings_that_cannot_be_used_are_named() -> None:
    broken = msgspec.structs.replace(configuration(), ca_file="/no/such/file.pem")
    assert "ca_file: no certificate can be read from /no/such/file.pem" in heard_when_hung_up(broken)


def test_settings_that_break_the_courier_are_hung_up_on_and_others_served() -> None:
    broken = msgspec.structs.replace(configuration(), connections=-1)
    assert "it sent something that broke this end" in heard_when_hung_up(broken)


def test_a_frame_that_claims_to_be_enormous_is_not_waited_for() -> None:
    async def scenario() -> None:
        async with running() as courier:
            web = await connect(courier)
            web.writer.write(b"\xff\xff\xff\xff")
            await web.wait_until_hung_up()

    asyncio.run(scenario())


def test_one_that_hangs_up_takes_nothing_from_the_others() -> None:
    async def scenario() -> None:
        with RecordingShadow() as shadow:
            async with running() as courier:
                first, second = await configured(courier, shadow.url), await configured(courier, shadow.url)
                first.give(*(exchange() for _ in range(5)))
                second.give(*(exchange() for _ in range(5)))
                await eventually(lambda: courier.status().clients == 2)
                first.writer.close()
                assert await second.wait_for(5) == {"answered": 5}
                await eventually(lambda: courier.status().clients == 1)
                assert courier.status().counts == {"shadow": {"answered": 10}}

    asyncio.run(scenario())


def test_one_that_ends_its_side_hears_the_rest_of_its_account() -> None:
    async def scenario() -> None:
        with RecordingShadow() as shadow:
            async with running() as courier:
                web = await configured(courier, shadow.url)
                web.give(*(exchange() for _ in range(20)))
                web.writer.write_eof()
                await web.wait_until_hung_up()
                assert web.outcomes() == {"answered": 20}

    asyncio.run(scenario())


def test_one_that_never_reads_its_reports_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MAX_UNREAD", 10_000)

    async def scenario() -> None:
        async with running() as courier:
            web = await connect(courier)
            web.writer.transport.pause_reading()
            for _ in range(20_000):
                web.say(wire.StatusQuery())
                await asyncio.sleep(0)
                if web.writer.transport.is_closing() or not courier.clients:
                    return
            raise AssertionError("it is still connected")

    asyncio.run(scenario())


def test_a_peer_of_another_user_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "peer_uid", lambda _sock: 4711)

    async def scenario() -> None:
        async with running() as courier:
            web = await connect(courier)
            assert await web.wait_until_hung_up() == []
            assert not courier.clients

    asyncio.run(scenario())


def test_a_status_tells_what_is_there() -> None:
    async def scenario() -> None:
        with RecordingShadow() as shadow:
            async with running() as courier:
                web = await configured(courier, shadow.url)
                web.give(exchange(), exchange())
                await web.wait_for(2)
                web.say(wire.Tally({"shadow": {"answered": 1, "not_sampled": 7}}))
                await eventually(lambda: courier.status().counts["shadow"].get("not_sampled"))
                status = courier.status()
                assert status.counts == {"shadow": {"answered": 2, "not_sampled": 7}}
                assert (status.clients, status.queued, status.in_flight, status.pending) == (1, 0, 0, {})
                assert status.breakers == {"shadow": "closed"}
                assert status.memory > 10_000_000
                assert status.cpu > 0

    asyncio.run(scenario())


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


VALUES = st.recursive(
    st.none()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.sampled_from(["configure", "gate", "tally", "trouble", "exchange", "status_query"]),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)
TRUE_FRAMES = (configuration(), wire.Gate(open=False), wire.StatusQuery())
FRAMES = st.one_of(
    st.binary(max_size=60),
    st.builds(framed, st.binary(max_size=60)),
    st.builds(lambda value: framed(msgspec.msgpack.encode(value)), VALUES),
    st.sampled_from([bytes(wire.encode(frame)) for frame in TRUE_FRAMES]),
)


ODD = st.sampled_from([0.0, -1.0, 1e300, float("nan"), float("inf"), float("-inf")])
ODD_EXCHANGES = st.builds(
    lambda text, raw, time_of_it, duration, until, targets, status: odd_exchange(
        text, raw, time_of_it, duration, until, tuple(targets), status
    ),
    st.text(max_size=5),
    st.binary(max_size=20),
    ODD | st.just(time.time()),
    ODD,
    ODD,
    st.lists(st.sampled_from(["shadow", "", "unknown"]), max_size=3),
    st.integers(-(2**63), 2**64 - 1),
)


def odd_exchange(
    text: str, raw: bytes, moment: float, duration: float, until: float, targets: tuple[str, ...], status: int
) -> Exchange:
    """Return an exchange as no web process of ours would make one."""
    usual = exchange(targets=targets)
    replace = msgspec.structs.replace
    request = replace(usual.request, method=text, path=raw, query=raw, headers=((raw, raw),), client=text)
    response = replace(usual.response, status=status, duration=duration)
    return replace(
        usual, id=text, request=request, response=response, captured_at=moment, until=until, traceparent=text
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(FRAMES, ODD_EXCHANGES.map(lambda one: bytes(wire.encode(one)))), min_size=1, max_size=12
    )
)
def test_whatever_one_sends_another_is_served(pieces: list[bytes]) -> None:
    async def scenario() -> None:
        with RecordingShadow() as shadow:
            async with running() as courier:
                hostile = await configured(courier, shadow.url, timeout="5s")
                hostile.writer.write(b"".join(pieces))
                good = await configured(courier, shadow.url)
                good.give(exchange())
                assert await good.wait_for(1) == {"answered": 1}
                hostile.writer.close()
                await eventually(lambda: not any(client.open for client in courier.clients))
                await served_status(await connect(courier))

    asyncio.run(scenario())


async def served_status(web: Web) -> None:
    web.say(wire.StatusQuery())
    reader = wire.FrameReader()
    payloads: list[bytes] = []
    while not payloads:
        payloads = list(reader.feed(await asyncio.wait_for(web._reader.read(65536), 10)))
    assert wire.decode_status(payloads[0]).version


def test_a_client_without_a_connection_says_nothing() -> None:
    async def scenario() -> None:
        async with running() as courier:
            client = Client(courier)
            client.tell(wire.Trouble("kind", "text"))
            client.close()

    asyncio.run(scenario())
