"""What redaction costs: against stock Presidio, by part, by size, at its worst. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from harness import hostile, stock, traffic
from harness.feed import captured
from harness.figures import median, number, table
from harness.machine import describe
from harness.parts import shares

from shadowtap.exceptions import NotRedacted
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor

TIMES_STOCK, PER_SECOND, WORST = 40, 1500, 0.25
"""The bars: times as fast as stock Presidio without a model, requests per second and core, seconds."""

ORDER = 4000
"""Bytes of an order; with smaller ones a body of 1 MB would have more values than are allowed."""

SIZES = (4, 16, 64, 256, 1000)
"""Kilobytes of bodies."""


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests of each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    arguments = parser.parse_args()
    for name, value in describe().items():
        print(f"{name}: {value}")
    redactor = Redactor(b"r" * 32, timeout=60.0)
    redactor.warm_up()
    number_of = 60 if arguments.quick else 400
    measured = {
        "stock": against_stock(redactor, number_of),
        "request": one_request(redactor, 10 * number_of),
        "sizes": by_size(redactor, 3 if arguments.quick else 15),
        "hostile": at_its_worst(redactor),
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=1))
    return 0


def cpu(do: Callable[[], object]) -> float:
    """Return the CPU seconds that a call takes."""
    before = time.process_time()
    do()
    return time.process_time() - before


def verdict(kept: bool) -> str:
    """Say whether a bar is kept."""
    return "ok" if kept else "FAIL"


def against_stock(redactor: Redactor, requests: int) -> dict[str, float]:
    """Take turns with Presidio on the same bodies, ever new ones, and print how many times as fast we are."""
    bodies = [("JSON of 1 KB", captured(requests, seed=6)), ("free text of 1 KB", list(_texts(requests, 7)))]
    engines = {"no model": stock.without_model(), "en_core_web_sm": stock.with_model()}
    rows, found = [], {}
    for what, some in bodies:
        for name, analyze in engines.items():
            if analyze is None:
                rows.append([f"{what}, {name}", "not installed", "", "", ""])
                continue
            part = some if name == "no model" else some[: max(10, requests // 8)]
            theirs, ours = _in_turns(redactor, analyze, part)
            times = median([a / b for a, b in zip(theirs, ours, strict=True)])
            found[f"{what}, {name}"] = times
            bar = TIMES_STOCK if (what, name) == (bodies[0][0], "no model") else 0
            kept = f">= {bar}: {verdict(times >= bar)}" if bar else ""
            row = [number(median(theirs) * 1e3, 2), number(median(ours) * 1e3, 2), number(times)]
            rows.append([f"{what}, {name}", *row, kept])
    print("\nAgainst stock Presidio, in turns on the same bodies, CPU milliseconds\n")
    print(table(["", "stock", "shadowtap", "times", ""], rows))
    print("\nStock Presidio finds; shadowtap also redacts headers, makes surrogates and checks what leaves.")
    return found


def _in_turns(
    redactor: Redactor, analyze: stock.Analyze, requests: Sequence[CapturedRequest]
) -> tuple[list[float], list[float]]:
    theirs, ours = [], []
    for one in requests:
        texts = stock.texts_of(one.body[0]) if one.body[0][:1] == b"{" else [one.body[0].decode()]
        theirs.append(cpu(lambda texts=texts: [analyze(text) for text in texts]))
        ours.append(cpu(lambda one=one: redactor.redact(one)))
    return theirs, ours


def _texts(requests: int, seed: int) -> Iterator[CapturedRequest]:
    chance = random.Random(seed)
    for _ in range(requests):
        first, last = chance.choice(traffic.FIRST), chance.choice(traffic.LAST)
        words = " ".join(chance.choices(traffic.WORDS, k=150))
        text = f"I am {first} {last}, call +4930{chance.randrange(10**8):08d}. {words}"
        fields = (*traffic.fields(chance), (b"content-type", b"text/plain"))
        yield CapturedRequest(
            "POST", "http", b"/notes", b"", fields, (text.encode(),), "198.51.100.7", "/notes"
        )


def one_request(redactor: Redactor, requests: int) -> dict[str, float]:
    """Print what a request of 1 KB takes, how many a core does, and where the time goes."""
    some = captured(requests, seed=8)
    half = len(some) // 2
    taken = median([cpu(lambda one=one: redactor.redact(one)) for one in some[:half]])
    found = shares(redactor, some[half:])
    rows = [[part, number(share * taken * 1e6), f"{number(share * 100)} %"] for part, share in found.items()]
    print("\nA POST of 1 KB of JSON with nine headers, ever new values\n")
    print(table(["", "µs", ""], [*rows, ["total", number(taken * 1e6), "100 %"]]))
    rate = 1 / taken
    print(f"\n{number(rate)} per second and core; the bar is {PER_SECOND}: {verdict(rate >= PER_SECOND)}")
    return {"seconds": taken, **found}


def by_size(redactor: Redactor, rounds: int) -> dict[str, float]:
    """Print what a kilobyte takes in bodies of different sizes, one after the other in each round."""
    chance = random.Random(9)
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(rounds):
        for size in SIZES:
            orders = [traffic.order_body(chance, ORDER) for _ in range(size * 1000 // ORDER)]
            request = _post(b"[" + b",".join(orders) + b"]")
            taken[size].append(cpu(lambda request=request: redactor.redact(request)) / size)
    per_kilobyte = {str(size): median(values) for size, values in taken.items()}
    rows = [[f"{size} KB", number(value * 1e6)] for size, value in per_kilobyte.items()]
    print("\nOrders in JSON, by size\n")
    print(table(["", "µs per KB"], rows))
    growth = per_kilobyte[str(SIZES[-1])] / per_kilobyte[str(SIZES[1])]
    print(f"\n{number(growth, 2)} times as much per KB at 1 MB as at 16 KB")
    print(f"linear is 1, and 2 is the bar: {verdict(growth < 2)}")
    return per_kilobyte


def at_its_worst(redactor: Redactor) -> dict[str, float]:
    """Print how long bodies take that are made to take long, and how they end."""
    rows, found = [], {}
    for what, body in hostile.bodies():
        ended = "redacted"
        began = time.process_time()
        try:
            redactor.redact(_post(body))
        except NotRedacted as refusal:
            ended = f"not sent: {refusal}"
        taken = time.process_time() - began
        found[what] = taken
        rows.append([what, number(taken * 1e3, 1), verdict(taken < WORST), ended])
    print("\nHostile bodies, CPU milliseconds; the bar is 250\n")
    print(table(["", "ms", "", "ended"], rows))
    return found


def _post(body: bytes) -> CapturedRequest:
    fields = ((b"content-type", b"application/json"),)
    return CapturedRequest("POST", "http", b"/orders", b"", fields, (body,), "198.51.100.7", "/orders")


if __name__ == "__main__":
    raise SystemExit(main())
