"""Values that are nobody's: what requests are full of, made anew from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from string import ascii_lowercase, ascii_uppercase, digits, hexdigits

Make = Callable[[random.Random], str]


def _pick(letters: str, count: int) -> Make:
    return lambda r: "".join(r.choice(letters) for _ in range(count))


def _number(low: int, high: int) -> Make:
    return lambda r: str(r.randint(low, high))


def _form(pattern: str) -> Make:
    """Make values of a form: ``#`` a digit, ``A`` and ``a`` a letter, ``h`` a hexadecimal digit."""
    letters = {"#": digits, "A": ascii_uppercase, "a": ascii_lowercase, "h": hexdigits[:16]}
    return lambda r: "".join(r.choice(letters[char]) if char in letters else char for char in pattern)


def _words(*words: str) -> Make:
    return lambda r: r.choice(words)


KINDS: dict[str, Make] = {
    "epoch seconds": _number(1_600_000_000, 1_800_000_000),
    "epoch milliseconds": _number(1_600_000_000_000, 1_800_000_000_000),
    "number of 8": _number(10**7, 10**8 - 1),
    "number of 9": _number(10**8, 10**9 - 1),
    "number of 10": _number(10**9, 10**10 - 1),
    "number of 11": _number(10**10, 10**11 - 1),
    "number of 12": _number(10**11, 10**12 - 1),
    "number of 13": _number(10**12, 10**13 - 1),
    "snowflake": _number(10**17, 10**18 - 1),
    "small number": _number(0, 99999),
    "price": _form("##.##"),
    "sku of letters and digits": _form("AAA-####"),
    "sku with a letter at the end": _form("A#######A"),
    "sku of two letters": _form("AA#######"),
    "article": _form("####-###-##"),
    "order": _form("ORD-########"),
    "order with a year": _form("2026/######/##"),
    "part": _form("AA##AAA####"),
    "batch": _form("#######A"),
    "ticket": _form("AAAA-#####"),
    "flight": _form("AA####"),
    "tracking of UPS": _form("1Z##A##AAA########"),
    "tracking of the post": _form("AA#########AA"),
    "short commit": _form("hhhhhhhh"),
    "object id": _form("hhhhhhhhhhhhhhhhhhhhhhhh"),
    "digest": _form("hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"),
    "uuid": _form("hhhhhhhh-hhhh-4hhh-8hhh-hhhhhhhhhhhh"),
    "ulid": _form("01HAAAAAAAA########AAAAAAA"),
    "vendor id": _form("cus_aaAA##aaAA##aa"),
    "random upper": _pick(ascii_uppercase + digits, 10),
    "random upper of 16": _pick(ascii_uppercase + digits, 16),
    "version": _form("#.##.#"),
    "date": _form("2026-0#-1#"),
    "slug": _form("aaaa-aaaaa-##"),
    "path": _form("/aaa/aaaa/####"),
    "constant": _words("PENDING_REVIEW", "EUR", "en_GB", "IN_PROGRESS", "text/html", "v2beta1"),
}


def values(each: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield so many values of each kind, with the name of the kind."""
    source = random.Random(seed)
    for kind, make in KINDS.items():
        for _ in range(each):
            yield kind, make(source)
