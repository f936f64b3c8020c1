from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from shadowtap.send.lookup import Lookup

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 80))]


class HungDns:
    """A ``getaddrinfo`` that hangs until it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> list[Any]:
        self.calls += 1
        self.asked.set()
        assert self.let_go.wait(20)
        return FOUND


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[HungDns]:
    hung = HungDns()
    monkeypatch.setattr(socket, "getaddrinfo", hung)
    yield hung
    hung.let_go.set()


def lookups() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("shadowtap-lookup")]


def test_a_name_is_resolved() -> None:
    found = asyncio.run(Lookup().addresses("localhost", 80))
    assert {info[4][0] for info in found} <= {"127.0.0.1", "::1"}
    assert all(info[4][1] == 80 for info in found)


@pytest.mark.parametrize("host", ["does-not-exist.invalid", "a" * 64 + ".example", "a..b"])
def test_a_name_that_cannot_be_resolved_is_an_os_error(host: str) -> None:
    with pytest.raises(OSError):
        asyncio.run(Lookup().addresses(host, 80))


def test_it_works_again_after_an_error() -> None:
    async def main() -> None:
        lookup = Lookup()
        for _ in range(2):
            with pytest.raises(OSError):
                await lookup.addresses("a..b", 80)
        assert await lookup.addresses("localhost", 80)

    asyncio.run(main())


def test_those_who_ask_while_a_lookup_runs_share_it(dns: HungDns) -> None:
    async def main() -> None:
        lookup = Lookup()
        asking = [asyncio.ensure_future(lookup.addresses("slow.test", 80)) for _ in range(50)]
        await asyncio.to_thread(dns.asked.wait, 10)
        dns.let_go.set()
        assert await asyncio.gather(*asking) == [FOUND] * 50

    asyncio.run(main())
    assert dns.calls == 1


def test_however_many_give_up_one_thread_hangs(dns: HungDns) -> None:
    async def main() -> None:
        lookup = Lookup()
        for _ in range(20):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.005):
                    await lookup.addresses("slow.test", 80)
        assert len(lookups()) == 1
        assert lookups()[0].daemon

    asyncio.run(main())
    assert dns.calls == 1


def test_a_lookup_survives_those_who_gave_up(dns: HungDns) -> None:
    async def main() -> None:
        lookup = Lookup()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await lookup.addresses("slow.test", 80)
        late = asyncio.ensure_future(lookup.addresses("slow.test", 80))
        await asyncio.sleep(0)
        dns.let_go.set()
        assert await late == FOUND

    asyncio.run(main())


def test_a_lookup_that_ends_after_its_loop_disturbs_nobody(dns: HungDns) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await Lookup().addresses("slow.test", 80)

    asyncio.run(main())
    (thread,) = lookups()
    dns.let_go.set()
    thread.join(10)
    assert not thread.is_alive()


def test_an_error_that_nobody_waits_for_is_not_reported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    let_go = threading.Event()

    def fail(*args: Any, **kwargs: Any) -> list[Any]:
        let_go.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    async def main() -> None:
        lookup = Lookup()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await lookup.addresses("slow.test", 80)
        (thread,) = lookups()
        let_go.set()
        await asyncio.to_thread(thread.join, 10)
        await asyncio.sleep(0)
        assert not lookup._running

    asyncio.run(main())
    gc.collect()
    assert not caplog.records
