"""Bodies that are made to take long."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

SIZE = 64 * 1024


def bodies() -> Iterator[tuple[str, bytes]]:
    """Give each with what it is."""
    chance = random.Random(30)
    pieces = (
        "a.",
        "x-",
        "12 ",
        "((",
        "a@",
        "1-",
        "00 ",
        ":",
        "4111 ",
        "DE89",
        "eyJa.",
        "12345678",
        "%41",
        "\\u0061",
        "://",
        "AB12 ",
    )
    for piece in pieces:
        yield f"64 KB of {piece!r}", _text(piece * (SIZE // len(piece)))
    yield "64 KB of x-x-x@", _text("x-" * (SIZE // 2 - 1) + "@")
    yield (
        "16 values of 4 KB of digits and dots",
        json.dumps({f"v{n}": "1.2 " * 1000 for n in range(16)}).encode(),
    )
    yield "64 values of 500 letters with a sign", json.dumps(["a-b." * 125 for _ in range(64)]).encode()
    yield "JSON, 5,000 deep", b"[" * 5000 + b"]" * 5000
    yield "100,000 keys", json.dumps({f"k{n}": n for n in range(100_000)}).encode()
    yield "2,000 keys nobody knows", json.dumps({_word(chance): "x" for _ in range(2000)}).encode()
    yield "one number of 64 KB", b'{"n": ' + b"9" * SIZE + b"}"
    yield "JSON in JSON in JSON", json.dumps(_nested(12)).encode()


def _text(value: str) -> bytes:
    return b'{"q": "' + value.replace("\\u0061", "a").encode() + b'"}'


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("nomdenumtelfamily", k=40))


def _nested(levels: int) -> dict[str, object]:
    value: dict[str, object] = {"email": "ada@posteo.de"}
    for _ in range(levels):
        value = {"v": json.dumps(value)}
    return value
