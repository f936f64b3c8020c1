"""What mirroring costs an app, with everything on one shared core, as in a pod. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from harness import traffic
from harness.accounts import Account, account_table, amiss
from harness.bars import MB, Bar, bars
from harness.cores import prepare
from harness.figures import number, table
from harness.load import poisson
from harness.machine import describe
from harness.results import Results
from harness.variant import BARE, PATIENCE, TIMEOUT, Variant

FAULTS = ("hung", "refusing", "slow", "resetting", "never-reading")
QUICK_FAULTS = FAULTS[:2]
SHARE = 0.1
"""Load of the open loop, as a share of the bare app's throughput."""

FILLING = 0.6
"""Seconds of saturation that fill every queue."""


class Workload(NamedTuple):
    """What is asked of the app, over how many connections, and for how long at a time."""

    name: str
    requests: Sequence[bytes]
    connections: int
    closed: float
    open: float
    patience: float = PATIENCE


class Run:
    """One interleaved run: every variant in every round, with the same requests at the same times."""

    def __init__(self, variants: Sequence[Variant], workloads: Sequence[Workload]) -> None:
        self.variants = variants
        self.workloads = workloads
        self.results = Results()
        self.memory: dict[str, list[tuple[int, int]]] = {variant.name: [] for variant in variants}
        self._capacity: dict[str, float] = {}

    def warm_up(self) -> None:
        """Start couriers, fill caches and queues, open breakers, and find the bare app's capacity."""
        for workload in self.workloads:
            for variant in self.variants:
                load = variant.load(workload.requests, workload.connections)
                load.closed(max(workload.closed, FILLING))
                if variant.name in BARE:
                    self._capacity[workload.name] = variant.saturate(load, workload.closed).rate
            # All couriers load Presidio at once, on one core and at idle priority.
            self._drain(60.0)
        self._look()

    def round(self, turn: int) -> None:
        """Put every load on every variant, each time in another order."""
        for workload in self.workloads:
            due = poisson(SHARE * self._capacity[workload.name], workload.open, turn)
            for variant in _rotated(self.variants, turn):
                load = variant.load(workload.requests, workload.connections)
                window = variant.sip(load, due, workload.patience)
                self.results.add(workload.name, variant.name, "open", window)
                window = variant.saturate(load, workload.closed, workload.patience)
                self.results.add(workload.name, variant.name, "closed", window)
        self._drain(2.0 * TIMEOUT)
        self._look()

    def _look(self) -> None:
        for variant in self.variants:
            self.memory[variant.name].append(variant.memory())

    def _drain(self, limit: float) -> None:
        for variant in self.variants:
            variant.drain(limit)

    def accounts(self) -> dict[str, Account]:
        """Wait until every copy has ended; return what each variant says about its requests."""
        return {v.name: Account(sent=v.sent, **v.drain()) for v in self.variants if v.mirrors}


def _rotated(variants: Sequence[Variant], turn: int) -> list[Variant]:
    start = turn * 2 % len(variants)
    return [*variants[start:], *variants[:start]]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer shadows and rounds, less than a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    arguments = parser.parse_args()
    cores = prepare()
    machine = describe()
    for name, value in machine.items():
        print(f"{name}: {value}")
    faults = QUICK_FAULTS if arguments.quick else FAULTS
    began = time.monotonic()
    with ExitStack() as stack:
        variants = []
        for name in (*BARE, "off", "taken", "healthy", *faults):
            variants.append(Variant(name, cores))
            stack.callback(variants[-1].end)
        run = Run(variants, workloads(arguments.quick))
        run.warm_up()
        for turn in range(1 if arguments.quick else 3):
            run.round(turn)
        accounts = run.accounts()
    verdicts = bars(run.results, faults, run.memory)
    show(run, accounts, verdicts)
    print(f"\n{time.monotonic() - began:.0f} s")
    if arguments.json:
        content = {
            "machine": machine,
            "windows": run.results.raw(),
            "accounts": {name: account._asdict() for name, account in accounts.items()},
            "memory": run.memory,
            "bars": [bar._asdict() for bar in verdicts],
        }
        arguments.json.write_text(json.dumps(content, indent=1))
    wrong = amiss(accounts)
    for line in wrong:
        print(f"the account does not add up: {line}")
    return 1 if wrong else 0


def workloads(quick: bool) -> list[Workload]:
    """Return what is asked of each variant."""
    closed, opened = (0.3, 0.4) if quick else (0.8, 1.2)
    return [
        Workload("get", traffic.gets(), 32, closed, opened),
        Workload("post", traffic.posts(), 32, closed, opened),
        # Its courier is left to work through what is left while others have their turn: it yields to them.
        Workload("upload", traffic.uploads(), 8, closed, opened, patience=0.3),
    ]


TITLES = {
    "get": "Small GET",
    "post": "POST of 1 KB of JSON",
    "upload": "Upload of 1 MB of JSON",
}


def show(run: Run, accounts: dict[str, Account], verdicts: Sequence[Bar]) -> None:
    """Print tables and bars."""
    for workload in run.workloads:
        print(f"\n{TITLES[workload.name]}\n")
        print(load_table(run, workload.name))
    print("\nLatency is that of the open loop. In a closed loop it only repeats the throughput, and under")
    print("a fault it is worthless, since a stall delays its own load: it is not shown.")
    print("\nEvery request from the first to the last, warm-up included\n")
    print(account_table(accounts))
    print("\nResident memory in MB, after the warm-up and after each round\n")
    rows = [memory_row(name, looks) for name, looks in run.memory.items()]
    print(table(["shadow", "web process", "courier"], rows))
    print("\nBars\n")
    rows = [
        ["ok" if bar.kept else "FAIL", bar.promise, bar.allowed, bar.measured, bar.control]
        for bar in verdicts
    ]
    print(table(["", "promise", "allowed", "measured", "bare again"], rows))


def load_table(run: Run, workload: str) -> str:
    """Return the table of one workload."""
    head = ["", "req/s", "of bare", "web µs", "added", "delivered", "p50 ms", "added", "p99 ms", "added"]
    head += ["web µs", "added", "courier µs", "delivered"]
    results = run.results
    rows = []
    for variant in run.variants:
        cells = [variant.name, number(results.of(workload, variant.name, "closed", lambda w: w.rate))]
        cells.append(number(results.ratio(workload, variant.name, "closed", lambda w: w.rate), 2))
        cells += _both(results, workload, variant.name, "closed", "web")
        cells.append(_share(results, workload, variant, "closed"))
        cells += _both(results, workload, variant.name, "open", "p50")
        cells += _both(results, workload, variant.name, "open", "p99")
        cells += _both(results, workload, variant.name, "open", "web")
        cells.append(number(results.of(workload, variant.name, "open", lambda w: w.courier * 1e6)))
        cells.append(_share(results, workload, variant, "open"))
        rows.append(cells)
    return table(head, rows)


def _both(results: Results, workload: str, variant: str, mode: str, field: str) -> list[str]:
    factor, digits = (1e6, 1) if field == "web" else (1e3, 3)
    own = results.of(workload, variant, mode, lambda w: getattr(w, field) * factor)
    added = results.added(workload, variant, mode, lambda w: getattr(w, field) * factor)
    return [number(own, digits), number(added, digits, sign=True)]


def _share(results: Results, workload: str, variant: Variant, mode: str) -> str:
    return f"{results.delivered(workload, variant.name, mode) * 100:.1f} %" if variant.mirrors else "-"


def memory_row(name: str, looks: Sequence[tuple[int, int]]) -> list[str]:
    """Return what both processes of a variant hold."""
    return [name, *(" → ".join(number(look[part] / MB) for look in looks) for part in (0, 1))]


if __name__ == "__main__":
    raise SystemExit(main())
