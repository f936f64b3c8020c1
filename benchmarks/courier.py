"""What a courier does on one core: copies per second, and where the time goes. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from harness.control import Process
from harness.cores import prepare
from harness.feed import Feed, Steady, captured, settings
from harness.figures import number, table
from harness.machine import describe
from harness.stages import costs

BAR = 1500
"""Copies per second and core."""


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="for a few seconds only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    arguments = parser.parse_args()
    cores = prepare()
    machine = describe()
    for name, value in machine.items():
        print(f"{name}: {value}")
    warm_up, seconds, samples = (0.5, 2.0, 500) if arguments.quick else (2.0, 15.0, 4000)
    shadow = Process("shadow", "healthy", core=cores[1])
    try:
        # More values than the redaction's cache keeps, so that none is still there when it comes again.
        steady = Feed(captured(8192, seed=4), shadow, cores).run(warm_up, seconds)
        # The stages in the place of the courier, on its core.
        os.sched_setaffinity(0, {cores[0]})
        stages = costs(captured(samples, seed=5), settings(shadow.url))
    finally:
        shadow.end()
    stages["rest"] = steady.cpu - sum(stages.values())
    show(steady, stages)
    if arguments.json:
        content = {"machine": machine, "steady": steady._asdict(), "stages": stages}
        arguments.json.write_text(json.dumps(content, indent=1))
    return account(steady)


def show(steady: Steady, stages: dict[str, float]) -> None:
    """Print where the time goes, and the bar."""
    print("\nPOSTs of 1 KB of JSON through a whole courier, by the CPU that a copy takes\n")
    rows = [
        [name, number(cost * 1e6), f"{number(cost / steady.cpu * 100)} %"] for name, cost in stages.items()
    ]
    rows.append(["total", number(steady.cpu * 1e6), "100 %"])
    print(table(["", "µs", ""], rows))
    print("\nThe total is the courier's own, the stages were timed one by one; the rest is what joins them:")
    print("tasks, the way to the redacting process and back, two processes that share a core, reports.")
    per_core = 1 / steady.cpu
    verdict = "ok" if per_core >= BAR else "FAIL"
    print(f"\n{number(per_core)} copies per second and core; the bar is {number(BAR)}: {verdict}")
    share = f"{number(steady.share * 100)} % of the core"
    print(f"{number(steady.rate)} copies per second in this run, with {share}. Where something else runs")
    print("beside it, not only the rate is lower: each copy is dearer as well.")


def account(steady: Steady) -> int:
    """Print what became of the copies; return 1 when that does not add up."""
    outcomes = {name: n for counts in steady.account.values() for name, n in counts.items()}
    print(f"\n{steady.given} copies given, {steady.arrived} arrived, outcomes {outcomes}")
    if steady.given == sum(outcomes.values()) and outcomes.get("answered", 0) == steady.arrived:
        return 0
    print("the account does not add up")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
