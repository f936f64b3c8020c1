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
from typing import Any

DIGITS = 6
"""Decimal digits of a position; the finest share is 0.0001 percent."""

_WHOLE: int = 10**DIGITS

_FAMILIES = 25


def _permutations() -> list[list[int]]:
    """Return each of some random orders in all its rotations: then no index prefers a digit."""
    generator = random.Random(0x5AD07AB)  # noqa: S311 - spreads requests, protects nothing
    orders = [generator.sample(range(10), 10) for _ in range(_FAMILIES)]
    return [order[turn:] + order[:turn] for order in orders for turn in range(10)]


_orders = _permutations()


class Positions:
    """A sequence of positions; safe to draw from in any thread."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def draw(self) -> float:
        """Return the next position, in [0, 100)."""
        rest = next(self._count)
        digits = 1
        for _ in range(DIGITS):
            rest, index = divmod(rest, 10)
            order = _orders[(rest * 0x9E3779B1 + digits * 0x85EBCA77 >> 5) % len(_orders)]
            digits = digits * 10 + order[index]
        # Divided once, at the end: a sum of tenths would miss percents such as 12.3 by its rounding.
        return (digits - _WHOLE) / (_WHOLE // 100)


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
    find = _header if kind == "header" else _cookie
    # An empty one is as good as none: it would tie all that have it together.
    return lambda source: find(source, name) or None


def _header(source: Mapping[str, Any], name: str) -> str | None:
    return next(iter(_values(source, name)), None)


def _values(source: Mapping[str, Any], name: str) -> list[str]:
    """Return the fields of a header; WSGI has joined them into one."""
    if "headers" in source:
        wanted = name.lower().encode("latin-1")
        return [str(value, "latin-1") for key, value in source["headers"] if key.lower() == wanted]
    found = source.get("HTTP_" + name.upper().replace("-", "_"))
    return [] if found is None else [str(found)]


def _cookie(source: Mapping[str, Any], name: str) -> str | None:
    # Not ``http.cookies``: that gives up all cookies for a single one that it finds malformed.
    for field in _values(source, "cookie"):
        for pair in field.split(";"):
            key, mark, value = pair.partition("=")
            if mark and key.strip() == name:
                return value.strip().strip('"')
    return None
