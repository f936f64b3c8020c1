"""Ways to write the name of a field, and words that stand around it."""

from __future__ import annotations

import random
from typing import NamedTuple

_OWNERS = (
    "customer",
    "user",
    "billing",
    "shipping",
    "primary",
    "guest",
    "member",
    "applicant",
    "contact",
    "new",
)
_PREFIXES = ("the", "my", "tmp", "form", "req", "in", "x", "p", "str")
_ENDINGS = ("value", "1", "2", "text", "input", "raw", "field", "old")
_PARENTS = (
    "customer",
    "user",
    "order",
    "payload",
    "data",
    "profile",
    "attributes",
    "applicant",
    "params",
    "form",
)


class Named(NamedTuple):
    """A field, ready to be sent."""

    keys: tuple[str, ...]
    """Names of the objects around it and its own."""
    form: str
    """Name in a form; empty when it is sent as JSON."""


def written(words: list[str], style: str) -> str:
    """Join words in a style."""
    if style == "camel":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == "pascal":
        return "".join(word.capitalize() for word in words)
    if style == "constant":
        return "_".join(words).upper()
    if style == "joined":
        return "".join(words)
    return {"snake": "_", "kebab": "-", "space": " ", "colon": ":"}[style].join(words)


STYLES = ("snake", "snake", "camel", "camel", "kebab", "pascal", "constant", "space", "joined")


def named(chance: random.Random, name: str) -> Named:
    """Write a field's name as some system would, perhaps with an owner, a prefix, an ending, inside an object."""
    words = name.split("_")
    roll = chance.random()
    if roll < 0.2:
        words = [chance.choice(_OWNERS), *words]
    elif roll < 0.26:
        words = [chance.choice(_PREFIXES), *words]
    elif roll < 0.36:
        words = [*words, chance.choice(_ENDINGS)]
    style = chance.choice(STYLES)
    if style == "joined" and len(words) > len(name.split("_")):
        style = "snake"  # nobody runs three words together
    key = written(words, style)
    parent, roll = chance.choice(_PARENTS), chance.random()
    if roll < 0.12:
        return Named((), f"{parent}[{key}]")
    if roll < 0.18:
        return Named((), f"{parent}[{chance.randrange(3)}][{key}]")
    if roll < 0.26:
        return Named((), f"{parent}.{key}")
    if roll < 0.34:
        return Named((f"{parent}.{key}",), "")
    if roll < 0.60:
        return Named((parent, key), "")
    return Named((key,), "")
