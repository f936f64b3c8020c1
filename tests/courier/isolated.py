"""A courier that redacts in a process of its own, by redactors that do what a body says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from shadowtap import wire
from shadowtap.courier.isolation import Isolation
from shadowtap.courier.pipeline import Courier
from shadowtap.exchange import Exchange
from tests.courier.inside import Web, configured, eventually, running
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow

OBEDIENT = str(Path(__file__).parent / "obedient")
QUICK = {"redact_timeout": "200ms"}


class Scene:
    """A courier with a web process, and what is asked of both."""

    def __init__(self, courier: Courier, web: Web, isolation: Isolation) -> None:
        self.courier, self.web, self.isolation = courier, web, isolation
        self._given = 0

    async def outcomes(self, *exchanges: Exchange) -> dict[str, int]:
        """Give these, and return how all that were given so far have ended."""
        self.web.give(*exchanges)
        self._given += len(exchanges)
        return await self.web.wait_for(self._given)

    async def started(self) -> tuple[int, int]:
        """Return the process ids of nursery and redacting process."""
        await eventually(lambda: len(self.isolation.processes) == 2 and all(self.isolation.processes))
        nursery, worker = self.isolation.processes
        return nursery, worker

    def troubles(self) -> list[str]:
        return [f"{f.kind}: {f.text}" for f in self.web.heard if isinstance(f, wire.Trouble)]

    @property
    def restarts(self) -> int:
        return self.courier.status().restarts


@asynccontextmanager
async def scene(shadow: RecordingShadow, **settings: Any) -> AsyncIterator[Scene]:
    isolation = Isolation()
    async with running(isolation) as courier:
        yield Scene(courier, await configured(courier, shadow.url, **{**QUICK, **settings}), isolation)


def told(order: bytes, path: bytes = b"/") -> Exchange:
    return exchange(path, method="POST", body=order)


def os_state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def core_limit(pid: int) -> str:
    limits = Path(f"/proc/{pid}/limits").read_text()
    [core] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    return core.split()[4]
