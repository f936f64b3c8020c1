"""Second act: a shop, with personal data from three countries, and effects that must not be repeated."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from shadowtap.cli import funnel
from shadowtap.demo.funnels import settled, totals
from shadowtap.demo.recording import Record, read
from shadowtap.demo.screen import Screen, pretty
from shadowtap.demo.servers import Server, start

TOKEN = "s3cr3t-t0ken"  # noqa: S105 - a canary


class Person(NamedTuple):
    """A customer."""

    name: str
    email: str
    phone: str
    address: str
    card: str


PERSONS = [
    Person(
        "Zoë Müller-Lüdenscheidt",
        "zoe.mueller@posteo.de",
        "+49 30 901820",
        "Königsstraße 12, 10117 Berlin",
        "4111 1111 1111 1111",
    ),
    Person(
        "王小明", "wang.xiaoming@qq.com", "13912345678", "上海市浦东新区世纪大道100号", "6222 0212 3456 7894"
    ),
    Person(
        "Łukasz Wiśniewski",
        "lukasz@wp.pl",
        "+48 22 694 00 00",
        "ul. Świętokrzyska 11/21, Kraków",
        "5500 0055 5555 5559",
    ),
]


class Sent(NamedTuple):
    """A request of a customer, and the status that the primary answered."""

    id: str
    method: str
    path: str
    body: str
    status: int


def play(screen: Screen, stack: ExitStack, room: Path, keys: dict[str, str]) -> None:
    """Let the customers shop, show each request on both sides, check the promises."""
    screen.heading("2. The shop (FastAPI, uvicorn): personal data, and effects that must not happen twice")
    record = room / "shadow.jsonl"
    guard = {"SHADOWTAP_ROLE": "shadow", "SHADOWTAP_GUARD": "always", "SHADOWTAP_KEY": keys["SHADOWTAP_KEY"]}
    shadow = Server("asgi", "shop", room, {**_place(room, "shadow"), **guard, "DEMO_RECORD": str(record)})
    start(stack, shadow)
    mirror = {
        "SHADOWTAP_TARGET": shadow.url,
        "SHADOWTAP_FOR": "10m",
        "SHADOWTAP_TIMEOUT": "30s",
        "SHADOWTAP_COURIER_PRIORITY": "normal",
        **keys,
    }
    primary = Server("asgi", "shop", room, {**_place(room, "primary"), **mirror})
    start(stack, primary)
    sent = _shopping(primary, room)
    counts = settled(room, len(sent))
    records = {seen.headers.get("x-request-id", ""): seen for seen in read(record)}
    for one in sent:
        _side_by_side(screen, one, records.get(one.id))
    for target, outcomes in counts.items():
        screen.block(list(funnel.lines(target, outcomes)))
    _check(screen, room, sent, totals(counts))


def _place(room: Path, side: str) -> dict[str, str]:
    return {
        "SHOP_DATABASE": str(room / f"{side}.db"),
        "SHOP_MAIL_DIR": str(room / f"{side}-mail"),
        "SHOP_LEDGER": str(room / f"{side}-ledger.jsonl"),
    }


def _shopping(primary: Server, room: Path) -> list[Sent]:
    """Do what customers do, each step when the shadow has seen the one before."""
    sent: list[Sent] = []
    for number, person in enumerate(PERSONS, 1):
        for method, path, content in _steps(number, person):
            body = json.dumps(content, ensure_ascii=False) if content else ""
            id = str(uuid.uuid4())  # noqa: A001 - the word of the protocol
            fields = {
                "Content-Type": "application/json",
                "Cookie": f"session={TOKEN}",
                "X-Request-Id": id,
                "X-Forwarded-For": f"203.0.113.{number}",
            }
            status, _ = primary.ask(method, path, body.encode(), fields)
            sent.append(Sent(id, method, path, body, status))
            settled(room, len(sent))
    return sent


def _steps(number: int, person: Person) -> Iterable[tuple[str, str, dict[str, object] | None]]:
    who: dict[str, object] = {"name": person.name, "email": person.email, "phone": person.phone}
    yield "GET", f"/products?q={quote(person.name)}", None
    yield "POST", "/users", {**who, "password": TOKEN}
    yield "POST", "/login", {"email": person.email, "password": TOKEN}
    items = [{"sku": "TEA-050", "quantity": number}]
    yield "POST", "/orders", {**who, "address": person.address, "card": person.card, "items": items}
    yield "POST", "/payments", {"order_id": number, "card": person.card}


def _side_by_side(screen: Screen, sent: Sent, record: Record | None) -> None:
    left = [f"client → primary, answered {sent.status}", f"{sent.method} {sent.path}", *pretty(sent.body)]
    if record is None:
        screen.columns(left, ["courier → shadow", "nothing"])
        return
    blocked = f"guard: {record.effects or 'nothing to block'}"
    head = f"courier → shadow, answered {record.status}"
    screen.columns(left, [head, f"{record.method} {record.path}", *pretty(record.body), blocked])


def _check(screen: Screen, room: Path, sent: list[Sent], total: dict[str, int]) -> None:
    lines = (room / "shadow.jsonl").read_text(encoding="utf-8").splitlines()
    arrived = json.dumps([json.loads(line) for line in lines], ensure_ascii=False)
    arrived += "".join(str(json.loads(line)["body"]) for line in lines)
    personal = [TOKEN, *(value for person in PERSONS for value in person)]
    forms = {form for value in personal for form in (value, value.replace(" ", ""), quote(value))}
    leaked = [form for form in forms if form in arrived]
    screen.promise(
        f"none of {len(personal)} personal values reached the shadow, in any spelling", kept=not leaked
    )
    screen.promise("the primary served every request", kept=all(200 <= one.status < 300 for one in sent))
    logins = sum(one.path == "/login" for one in sent)
    left_out = total.get("excluded", 0)
    screen.promise(f"logins are never copied: {left_out} of {logins} were left out", kept=left_out == logins)
    all_in = total.get("answered", 0) == len(sent) - logins and sum(total.values()) == len(sent)
    screen.promise("every other request reached the shadow, and all are accounted for", kept=all_in)
    mails = len(list((room / "primary-mail").glob("*")))
    screen.promise(f"the primary sent {mails} mails and booked its ledger", kept=mails == len(PERSONS))
    untouched = not (room / "shadow-mail").exists() and not (room / "shadow-ledger.jsonl").exists()
    screen.promise("the shadow sent no mail, charged no card and booked nothing", kept=untouched)
