"""What redaction finds and what it damages, on a labelled corpus of its own. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from harness.corpus.trial import Corpus, Tally
from harness.figures import number, table
from harness.machine import describe

from shadowtap.redact import Redactor

QUESTIONS = {
    "telling": ("personal fields under telling names", 0.99),
    "held out": ("… under names that were held out", None),
    "any name": ("what its form or check digits tell, under any name", 1.0),
    "neutral": ("other personal values under neutral names", None),
    "texts": ("names, addresses and numbers in free text", None),
    "technical": ("technical values left alone", 0.99),
}
"""In words, with the bar."""


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each name and form once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus")
    parser.add_argument(
        "--missed", metavar="QUESTION", choices=[*QUESTIONS], help="print what went wrong there"
    )
    arguments = parser.parse_args()
    for name, value in describe().items():
        print(f"{name}: {value}")
    redactor = Redactor(b"the same surrogates in every run.", timeout=60)
    tally = Tally()
    for trial in Corpus(redactor, arguments.seed).trials(1 if arguments.quick else 5):
        tally.add(trial)
    show(tally)
    if arguments.missed:
        for trial in tally.missed:
            if trial.question == arguments.missed:
                print(f"{trial.kind}: {trial.keys} = {trial.value!r} -> {trial.out!r}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures(tally), indent=1))
    return 0


def show(tally: Tally) -> None:
    """Print a table for each question, and the bars."""
    print("\nFound, by kind of personal data\n")
    kinds = list(tally.seen["telling"])
    columns = ("telling", "held out", "any name", "neutral")
    rows = [[kind, *(_share(tally, column, kind) for column in columns)] for kind in kinds]
    print(table(["", "telling name", "held-out name", "any name", "neutral name"], rows))
    print("\nFound in free text\n")
    print(table(["", ""], [[kind, _share(tally, "texts", kind)] for kind in tally.seen["texts"]]))
    print("\nTechnical values that were damaged\n")
    technical = tally.seen["technical"]
    damaged = [
        [kind, number(1 - tally.share("technical", kind), 3), str(technical[kind])] for kind in technical
    ]
    print(table(["", "damaged", "of"], damaged))
    print()
    rows = []
    for question, (words, bar) in QUESTIONS.items():
        share, total = tally.share(question), sum(tally.seen[question].values())
        verdict = "" if bar is None else "ok" if share >= bar else "FAIL"
        rows.append([words, number(share, 4), "" if bar is None else f">= {bar}", str(total), verdict])
    print(table(["all together", "share", "bar", "values", ""], rows))


def _share(tally: Tally, question: str, kind: str) -> str:
    return number(tally.share(question, kind), 3) if tally.seen[question][kind] else "-"


def figures(tally: Tally) -> dict[str, object]:
    """Return what was measured, without a value."""
    return {
        question: {
            "share": tally.share(question),
            "values": sum(tally.seen[question].values()),
            "kinds": {kind: tally.share(question, kind) for kind in tally.seen[question]},
        }
        for question in QUESTIONS
    }


if __name__ == "__main__":
    raise SystemExit(main())
