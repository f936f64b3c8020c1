"""One way to run the app: its process, its courier, its shadow, and one window of load on it."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from .control import Process
from .cores import children, cpu_seconds, resident_bytes, tree_cpu_seconds, tree_resident_bytes
from .figures import percentile
from .load import Load

QUIET = 0.05
"""Share of a core below which web process and courier count as done."""

LOOK = 0.05
"""Seconds between two looks at them."""

TIMEOUT = 1
"""``SHADOWTAP_TIMEOUT`` in seconds; less than the default, since what waits longer only prolongs the run."""

PATIENCE = 3.0 * TIMEOUT
"""Seconds after which a courier that is still busy is left to it."""

BARE = ("bare", "bare again")
"""The app without us, and once more, to show how far two equal things differ on this machine."""


class Window(NamedTuple):
    """What one stretch of load showed."""

    requests: int
    rate: float
    """Answers per second; not a figure in an open loop."""
    p50: float
    """Seconds; not a number in a closed loop."""
    p99: float
    web: float
    """CPU seconds of the web process per request, what it hands over afterwards included."""
    courier: float
    """CPU seconds of the courier per copy that was delivered; not a number when there was none."""
    delivered: int
    """Copies that arrived whole."""


class Variant:
    """A primary, its courier, and its shadow.

    Args:
        name: One of ``BARE``, ``"off"``, ``"taken"``, ``"refusing"`` and the behaviours of a shadow.
        cores: Of the app with its courier, and of the load with the shadow.
    """

    def __init__(self, name: str, cores: tuple[int, int]) -> None:
        self.name = name
        self.mirrors = name not in (*BARE, "off")
        self.other: Process | None = None
        """The shadow, or what stands for the courier."""
        self._refusing = socket.socket()
        self._folder = tempfile.TemporaryDirectory(prefix="shadowtap-benchmark-")
        settings = self._settings(cores[1])
        bare = ["bare"] if name in BARE else []
        self.web = Process("primary", *bare, core=cores[0], env=settings)
        self._loads: dict[int, Load] = {}

    def _settings(self, core: int) -> dict[str, str]:
        if self.name in BARE:
            return {}
        # Bound and not listening: the port is taken, and nobody answers there.
        self._refusing.bind(("127.0.0.1", 0))
        settings = {
            "SHADOWTAP_TARGET": f"http://127.0.0.1:{self._refusing.getsockname()[1]}",
            "SHADOWTAP_TIMEOUT": str(TIMEOUT),
        }
        if self.name == "off":
            settings["SHADOWTAP_ENABLED"] = "false"
        elif self.name == "taken":
            path = f"{self._folder.name}/courier.sock"
            self.other = Process("taker", path, core=core)
            settings["SHADOWTAP_COURIER"] = f"unix://{path}"
        elif self.name != "refusing":
            self.other = Process("shadow", self.name, core=core)
            settings["SHADOWTAP_TARGET"] = self.other.url
        return settings

    def load(self, requests: Sequence[bytes], connections: int) -> Load:
        """Return the connections that send these requests; they are made once."""
        if id(requests) not in self._loads:
            self._loads[id(requests)] = Load(self.web.address, requests, connections)
        return self._loads[id(requests)]

    @property
    def sent(self) -> int:
        """Requests that were sent to the app."""
        return sum(load.sent for load in self._loads.values())

    @property
    def courier(self) -> int | None:
        """Process id of the courier, once there is one."""
        found = children(self.web.pid) if self.mirrors else []
        return found[0] if found else None

    def saturate(self, load: Load, seconds: float, patience: float = PATIENCE) -> Window:
        """Run a closed loop, and wait so many seconds at most until all is quiet again."""
        meter = Meter(self)
        answers = load.closed(seconds)
        self.settle(patience)
        return meter.window(answers / seconds, [])

    def sip(self, load: Load, due: Sequence[float], patience: float = PATIENCE) -> Window:
        """Run an open loop, and wait as ``saturate`` does."""
        meter = Meter(self)
        latencies = load.open(due)
        self.settle(patience)
        return meter.window(float("nan"), latencies)

    def settle(self, patience: float) -> None:
        """Wait until web process and courier have nothing to do but to wait for a shadow."""
        deadline = time.monotonic() + patience
        used, busy = sum(self.clocks()), self.mirrors
        while busy and time.monotonic() < deadline:
            time.sleep(LOOK)
            before, used = used, sum(self.clocks())
            busy = used - before > QUIET * LOOK

    @property
    def arrived(self) -> int:
        """Copies that have arrived at the shadow, or at what stands for the courier."""
        return int(self.other.ask()["copies"]) if self.other is not None else 0

    def clocks(self) -> tuple[float, float]:
        """Return the CPU seconds of web process and courier, 0 for one that is not there."""
        courier = self.courier
        return cpu_seconds(self.web.pid), tree_cpu_seconds(courier) if courier else 0.0

    def drain(self, limit: float = 30.0) -> dict[str, Any]:
        """Wait until every copy has an outcome; return the account."""
        deadline = time.monotonic() + limit
        account = self.web.ask()
        while account["pending"] and time.monotonic() < deadline:
            time.sleep(0.1)
            account = self.web.ask()
        return account

    def memory(self) -> tuple[int, int]:
        """Return the resident bytes of web process and courier, 0 for one that is not there."""
        courier = self.courier
        return resident_bytes(self.web.pid), tree_resident_bytes(courier) if courier else 0

    def end(self) -> None:
        """End all of its processes."""
        for load in self._loads.values():
            load.close()
        self.web.end()
        if self.other is not None:
            self.other.end()
        self._refusing.close()
        self._folder.cleanup()


class Meter:
    """Reads clocks and counts of a variant before and after a window."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._arrived = variant.arrived
        self._sent = variant.sent
        self._clocks = variant.clocks()

    def window(self, rate: float, latencies: Sequence[float]) -> Window:
        """Return what the window showed."""
        requests = self._variant.sent - self._sent
        web, courier = self._variant.clocks()
        arrived = self._variant.arrived - self._arrived
        return Window(
            requests,
            rate,
            percentile(latencies, 50),
            percentile(latencies, 99),
            (web - self._clocks[0]) / requests,
            (courier - self._clocks[1]) / arrived if arrived else float("nan"),
            arrived,
        )
