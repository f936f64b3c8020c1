"""First act: httpbin, half of whose requests are mirrored, beside an httpbin that is left alone."""

from __future__ import annotations

import json
import uuid
from contextlib import ExitStack
from pathlib import Path

from shadowtap.cli import funnel
from shadowtap.demo.funnels import settled, totals
from shadowtap.demo.recording import Record, read
from shadowtap.demo.screen import Screen, pretty
from shadowtap.demo.servers import Server, start

REQUESTS = 40
SHOWN = 2
TOKEN = "s3cr3t-t0ken"  # noqa: S105 - a canary
CARD = "4111111111111111"


def play(screen: Screen, stack: ExitStack, room: Path, keys: dict[str, str]) -> None:
    """Send the same requests to both, show what the shadow got, check the promises."""
    screen.heading("1. httpbin (Flask, gunicorn): half of the requests are mirrored")
    record = room / "shadow.jsonl"
    key = {"SHADOWTAP_KEY": keys["SHADOWTAP_KEY"]}
    shadow = Server("wsgi", "httpbin", room, {"SHADOWTAP_ROLE": "shadow", "DEMO_RECORD": str(record), **key})
    plain = Server("wsgi", "httpbin", room, {})
    start(stack, shadow, plain)
    half = {
        "SHADOWTAP_TARGET": shadow.url,
        "SHADOWTAP_PERCENT": "50",
        "SHADOWTAP_FOR": "10m",
        # This machine may have more to do than the demo.
        "SHADOWTAP_TIMEOUT": "30s",
        "SHADOWTAP_COURIER_PRIORITY": "normal",
    }
    mirroring = Server("wsgi", "httpbin", room, {**half, **keys})
    start(stack, mirroring)
    ids = [str(uuid.uuid4()) for _ in range(REQUESTS)]
    same = sum(_ask(plain, n, ids[n]) == _ask(mirroring, n, ids[n]) for n in range(REQUESTS))
    counts = settled(room, REQUESTS)
    records = read(record)
    for seen in sorted(records, key=lambda r: ids.index(r.headers["x-request-id"]))[:SHOWN]:
        _side_by_side(screen, ids, seen)
    for target, outcomes in counts.items():
        screen.block(list(funnel.lines(target, outcomes)))
    total = totals(counts)
    mirrored = total.get("answered", 0)
    screen.promise(
        f"{same} of {REQUESTS} answers are byte for byte those of an httpbin without shadowtap",
        kept=same == REQUESTS,
    )
    screen.promise(f"exactly half was mirrored: {mirrored} of {REQUESTS}", kept=mirrored == REQUESTS // 2)
    accounted = sum(total.values()) == REQUESTS and len(records) == mirrored
    screen.promise("every request is accounted for", kept=accounted)
    arrived = record.read_text(encoding="utf-8") if record.exists() else ""
    leaks = [word for word in ("jane.doe", CARD, TOKEN) if word in arrived]
    screen.promise("no e-mail address, card or token of a client reached the shadow", kept=not leaks)


def _path(number: int) -> str:
    return f"/anything/{number}?email=jane.doe{number}%40example.org"


def _body(number: int) -> str:
    return json.dumps({"email": f"jane.doe{number}@example.org", "card": CARD, "n": number})


def _ask(server: Server, number: int, id: str) -> tuple[int, bytes]:
    fields = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "X-Request-Id": id}
    return server.ask("POST", _path(number), _body(number).encode(), fields)


def _side_by_side(screen: Screen, ids: list[str], record: Record) -> None:
    number = ids.index(record.headers["x-request-id"])
    left = [
        "client → primary",
        f"POST {_path(number)}",
        f"authorization: Bearer {TOKEN}",
        *pretty(_body(number)),
    ]
    marks = [f"{name}: {record.headers.get(name)}" for name in ("x-shadow-request", "x-shadow-id")]
    screen.columns(left, ["courier → shadow", f"{record.method} {record.path}", *marks, *pretty(record.body)])
