"""Which requests are among the chosen share: exact in the long run, nested, sticky by key.

Each request gets a position in [0, 100); it is chosen when its position is
below the percent, so the 10 % are among the 50 %. Positions come from a
randomised radical inverse in base 10 (van der Corput's sequence with Owen's
nested scrambling): each aligned block of 10 requests holds every first digit
once, each block of 100 every pair of digits once, and so on. Shares are
therefore exact, and the scrambling keeps them out of step with traffic that
repeats, of which a plain counter would choose always the same kind.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

DIGITS = 6
"""Decimal digits of a position; the finest share is 0.0001 percent."""

_PERMUTATIONS = 256


def _permutations() -> list[list[int]]:
    generator = random.Random(0x5AD07AB)  # noqa: S311 - spreads requests, protects nothing
    return [generator.sample(range(10), 10) for _ in range(_PERMUTATIONS)]


_orders = _permutations()


class Positions:
    """A sequence of positions; safe to draw from in any thread."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def draw(self) -> float:
        """Return the next position, in [0, 100)."""
        rest = next(self._count)
        position, scale, prefix = 0.0, 10.0, 1
        for _ in range(DIGITS):
            rest, index = divmod(rest, 10)
            order = _orders[(rest * 0x9E3779B1 + prefix * 0x85EBCA77 >> 5) % _PERMUTATIONS]
            digit = order[index]
            position += digit * scale
            scale /= 10
            prefix = prefix * 10 + digit
        return position


def sticky_position(key: str) -> float:
    """Return the position of all requests that carry this key; the same in every process and release."""
    data = key.encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(data, digest_size=8, person=b"shadowtap").digest()
    return int.from_bytes(digest, "big") / 2**64 * 100


KeyOf = Callable[[Mapping[str, Any]], str | None]
"""Finds the sticky key in an ASGI scope or a WSGI environ."""


def key_finder(sticky: str | KeyOf | None) -> KeyOf | None:
    """Return the function for a ``sticky`` setting: ``header:NAME``, ``cookie:NAME`` or a callable."""
    if sticky is None or callable(sticky):
        return sticky
    kind, _, name = sticky.partition(":")
    if kind == "header":
        return lambda source: _header(source, name)
    return lambda source: _cookie(source, name)


def _header(source: Mapping[str, Any], name: str) -> str | None:
    if "headers" in source:
        wanted = name.lower().encode("latin-1")
        for key, value in source["headers"]:
            if key.lower() == wanted:
                return str(value, "latin-1")
        return None
    found = source.get("HTTP_" + name.upper().replace("-", "_"))
    return None if found is None else str(found)


def _cookie(source: Mapping[str, Any], name: str) -> str | None:
    header = _header(source, "cookie")
    if header is None:
        return None
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if morsel is None else morsel.value
