"""The requests that are sent: as many headers as behind an ingress, and bodies that do not repeat.

What differs between two of them comes back only after more values than a cache
in the redaction keeps, which would otherwise answer for it. All persons, cards
and addresses are made up.
"""

from __future__ import annotations

import json
import random

FIRST = ("Amélie", "Jürgen", "Sofia", "Olu", "Mei", "Tomasz", "Noor", "Iván", "Grace", "Hiroshi", "Zoë")
LAST = ("Moreau", "Schäfer", "Rossi", "Adeyemi", "Chen", "Nowak", "Haddad", "García", "Okafor", "Tanaka")
STREETS = ("Rue de Rivoli", "Hauptstraße", "Via Roma", "Marina Road", "High Street", "Elm Avenue")
WORDS = (
    "leave",
    "the",
    "parcel",
    "with",
    "my",
    "neighbour",
    "and",
    "ring",
    "twice",
    "before",
    "noon",
    "please",
)

NOTED = 4096
"""Bytes of an order in an upload: with smaller ones it would have too many values for the redaction."""


def order(chance: random.Random) -> dict[str, object]:
    """Return an order of about 1 KB in JSON: a tenth of its fields are personal."""
    first, last = chance.choice(FIRST), chance.choice(LAST)
    number = chance.randrange(10**8)
    return {
        "order_id": f"{chance.getrandbits(128):032x}",
        "channel": chance.choice(("web", "app", "store")),
        "currency": "EUR",
        "placed_at": f"2026-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}T10:00:00Z",
        "customer": {
            "name": f"{first} {last}",
            "email": f"{first}.{last}{number}@example.com".lower(),
            "phone": f"+4930{number:08d}",
            "loyalty": chance.randrange(5),
        },
        "address": {
            "street": f"{chance.randrange(1, 200)} {chance.choice(STREETS)}",
            "city": "Berlin",
            "postcode": f"{chance.randrange(10000, 99999)}",
        },
        "payment": {"card": card(chance), "instalments": 1, "captured": True},
        "items": [
            {
                "sku": f"SKU-{chance.randrange(10**6):06d}",
                "title": " ".join(chance.sample(WORDS, 3)),
                "quantity": chance.randrange(1, 5),
                "unit_price": chance.randrange(100, 9999) / 100,
            }
            for _ in range(4)
        ],
        "note": " ".join(chance.choices(WORDS, k=14)),
    }


def card(chance: random.Random) -> str:
    """Return a made-up card number with a valid check digit."""
    digits = [4, *(chance.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(2 * digit, 10)) if i % 2 == 0 else digit for i, digit in enumerate(digits))
    return "".join(map(str, [*digits, -total % 10]))


def order_body(chance: random.Random, size: int = 1024) -> bytes:
    """Return an order in JSON, filled up to so many bytes."""
    content = order(chance)
    missing = size - len(json.dumps(content, ensure_ascii=False).encode())
    while missing > 0:
        word = chance.choice(WORDS)
        content["note"] = f"{content['note']} {word}"
        missing -= len(word) + 1
    return json.dumps(content, ensure_ascii=False).encode()


def upload_body(chance: random.Random, size: int = 1_000_000) -> bytes:
    """Return so many bytes of JSON: a list of orders with long notes, and blanks at its end."""
    orders: list[bytes] = []
    total = 2
    while total + 2 * NOTED < size:
        orders.append(order_body(chance, NOTED))
        total += len(orders[-1]) + 1
    return (b"[" + b",".join(orders) + b"]").ljust(size)


def fields(chance: random.Random) -> list[tuple[bytes, bytes]]:
    """Return header fields as a browser behind an ingress sends them."""
    return [
        (b"host", b"shop.example"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
        (b"accept", b"application/json, text/plain, */*"),
        (b"accept-language", b"de-DE,de;q=0.8,en;q=0.5"),
        (b"accept-encoding", b"gzip, deflate, br"),
        (b"x-forwarded-for", b"198.51.100.%d" % chance.randrange(1, 255)),
        (b"x-forwarded-proto", b"https"),
        (b"x-request-id", b"%032x" % chance.getrandbits(128)),
        (b"cookie", b"session=%032x; theme=dark" % chance.getrandbits(128)),
    ]


def message(method: bytes, target: bytes, chance: random.Random, body: bytes = b"") -> bytes:
    """Return a whole request as bytes."""
    lines = [b"%s %s HTTP/1.1" % (method, target)]
    lines += [b"%s: %s" % field for field in fields(chance)]
    if body:
        lines += [b"content-type: application/json", b"content-length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def gets(number: int = 10_000) -> list[bytes]:
    """Return GET requests."""
    chance = random.Random(1)
    return [
        message(b"GET", b"/items/%d?page=%d&sort=price" % (chance.randrange(10**6), n), chance)
        for n in range(number)
    ]


def posts(number: int = 5_000) -> list[bytes]:
    """Return POST requests with 1 KB of JSON."""
    chance = random.Random(2)
    return [message(b"POST", b"/orders", chance, order_body(chance)) for _ in range(number)]


def uploads(number: int = 4) -> list[bytes]:
    """Return POST requests with 1 MB of JSON."""
    chance = random.Random(3)
    return [message(b"POST", b"/uploads", chance, upload_body(chance)) for _ in range(number)]
