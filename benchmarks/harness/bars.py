"""What the product promises about its cost, held against a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .figures import number
from .results import Results

MB = 2**20

CONTROL = "bare again"


class Bar(NamedTuple):
    """A promise, what it allows and what was measured."""

    promise: str
    allowed: str
    measured: str
    control: str
    """The same figure of the bare app against itself; empty where there is none."""
    kept: bool


def bars(
    results: Results, faults: Sequence[str], memory: Mapping[str, Sequence[tuple[int, int]]]
) -> list[Bar]:
    """Return every bar that the variants of this run can show."""
    found = [_cpu(results, workload) for workload in ("get", "post")]
    found += [_latency(results, workload) for workload in ("get", "post", "upload")]
    found += [_delivered(results, workload) for workload in ("get", "post")]
    found += [_throughput(results, workload) for workload in ("get", "post", "upload")]
    for fault in faults:
        found += [_like_healthy(results, workload, fault) for workload in ("get", "post", "upload")]
    return [*found, *(_growth(memory, part) for part in (0, 1))]


def _cpu(results: Results, workload: str) -> Bar:
    healthy, taken, control = (
        results.added(workload, name, "closed", lambda window: window.web * 1e6)
        for name in ("healthy", "taken", CONTROL)
    )
    measured = f"{number(healthy, 1)} healthy, {number(taken, 1)} taken"
    kept = max(healthy, taken) < 30
    return Bar(f"{workload}: CPU added to the web process", "< 30 µs", measured, number(control, 1), kept)


def _latency(results: Results, workload: str) -> Bar:
    added, control = (
        results.added(workload, name, "open", lambda window: window.p50 * 1e3)
        for name in ("healthy", CONTROL)
    )
    measured, again = (f"{number(value, 3, sign=True)} ms" for value in (added, control))
    return Bar(
        f"{workload}: p50 added at a tenth of the capacity", "<= 0.1 ms", measured, again, added <= 0.1
    )


def _delivered(results: Results, workload: str) -> Bar:
    share = results.delivered(workload, "healthy", "open")
    measured = f"{number(share * 100, 2)} %"
    return Bar(
        f"{workload}: copies delivered at a tenth of the capacity", "100 %", measured, "", share == 1.0
    )


def _throughput(results: Results, workload: str) -> Bar:
    ratio, control = (
        results.ratio(workload, name, "closed", lambda window: window.rate) for name in ("healthy", CONTROL)
    )
    what = f"{workload}: throughput at saturation, of the bare app's"
    return Bar(what, ">= 0.60", number(ratio, 2), number(control, 2), ratio >= 0.6)


def _like_healthy(results: Results, workload: str, fault: str) -> Bar:
    ratio = results.ratio(workload, fault, "closed", lambda window: window.rate, "healthy")
    added = results.added(workload, fault, "open", lambda window: window.p50 * 1e3, "healthy")
    return Bar(
        f"{workload}: {fault} shadow against a healthy one, throughput and p50",
        ">= 0.90, <= 0.1 ms",
        f"{number(ratio, 2)}, {number(added, 3, sign=True)} ms",
        "",
        ratio >= 0.9 and added <= 0.1,
    )


def _growth(memory: Mapping[str, Sequence[tuple[int, int]]], part: int) -> Bar:
    """Compare with the largest size before: queues and caches fill at different times, and only once."""
    grown = {
        n: (looks[-1][part] - max(look[part] for look in looks[:-1])) / MB for n, looks in memory.items()
    }
    worst = max(grown, key=lambda name: grown[name])
    what = ("web process", "courier")[part]
    measured = f"{number(grown[worst], 1, sign=True)} MB ({worst})"
    own = number(grown["bare"], 1, sign=True) + " MB" if part == 0 else ""
    return Bar(
        f"memory that a {what} grows by in the last round", "<= 8 MB", measured, own, grown[worst] <= 8
    )
