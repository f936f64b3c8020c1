"""Memory stays flat, whatever comes back: measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import faults
from tests.support.shadow import RecordingShadow

MIB = 1024 * 1024
BOUND = 10 * MIB

MEASURE = """
import asyncio, gc, json, os, sys
from shadowtap.send.breaker import Breaker
from tests.support.sending import copy, sender_to

url, number, at_once, size, limit = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])

def resident():
    gc.collect()
    with open("/proc/self/statm") as counts:
        return int(counts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def peak():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

async def send(sender, number):
    left = iter(range(number))
    body = bytes(size)
    async def work():
        for _ in left:
            await sender.send(copy(method="POST", body=body, timeout=limit))
    await asyncio.gather(*(work() for _ in range(at_once)))

async def main():
    async with sender_to(url, connections=at_once, max_answer=16384) as sender:
        await send(sender, 2 * at_once)
        before = resident()
        with open("/proc/self/clear_refs", "w") as refs:
            refs.write("5")  # the peak counts from here
        await send(sender, number)
        print(json.dumps([resident() - before, peak() - before]))

asyncio.run(main())
"""


def growth(
    environment: dict[str, str],
    url: str,
    number: int,
    *,
    at_once: int = 4,
    size: int = 0,
    limit: float = 20.0,
) -> tuple[int, int]:
    """Send so many copies, and return by how many bytes the process has grown in the end, and at most."""
    command = [sys.executable, "-c", MEASURE, url, *map(str, (number, at_once, size, limit))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    end, peak = done.stdout.strip("[]\n").split(",")
    return int(end), int(peak)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
@pytest.mark.parametrize(
    "fault",
    [
        faults.endless_body,
        faults.endless_chunks,
        faults.gzip_bomb,
        faults.endless_field,
        faults.endless_head,
        faults.continue_for_ever,
    ],
)
def test_an_answer_without_end_does_not_fill_the_memory(
    fault: faults.Fault, bare_environment: dict[str, str]
) -> None:
    with RecordingShadow(serve=fault) as shadow:
        end, peak = growth(bare_environment, shadow.url, 100)
        assert end < BOUND
        assert peak < BOUND
        assert shadow.connections >= 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_bodies_that_nobody_reads_do_not_pile_up(bare_environment: dict[str, str]) -> None:
    with RecordingShadow(serve=faults.read_nothing, receive_buffer=4096) as shadow:
        end, _ = growth(bare_environment, shadow.url, 40, size=2 * MIB, limit=0.1)
        assert end < BOUND


@pytest.mark.load
@pytest.mark.parametrize("kind", ["healthy", "refusing"])
def test_thousands_of_copies_leave_nothing_behind(kind: str, bare_environment: dict[str, str]) -> None:
    with RecordingShadow() as shadow, faults.refusing_port() as port:
        url = shadow.url if kind == "healthy" else f"http://127.0.0.1:{port}"
        end, _ = growth(bare_environment, url, 20_000, at_once=16)
        assert end < 4 * MIB
