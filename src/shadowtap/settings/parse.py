"""Parsers of single values: from a variable's text, TOML or Python to what the model holds."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from typing import Any

from .place import Place

Parse = Callable[[object, Place], Any]
"""Takes a value and its place; returns the parsed value or raises ``SettingsError``."""

DAY = 86400.0
LONGEST_PERIOD = 366 * DAY

# Patterns are text, not compiled: `re` compiles them at first use and keeps them, so the import stays cheap.
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?"
_INTEGER = r"[0-9]{1,18}"
_SIZE = r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?(b|kb|mb|gb|kib|mib|gib)"
_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_AMOUNT = r"([0-9]+(?:\.[0-9]+)?)"
_DURATION = rf"(?:{_AMOUNT}d)?(?:{_AMOUNT}h)?(?:{_AMOUNT}m)?(?:{_AMOUNT}s)?(?:{_AMOUNT}ms)?"
_SECONDS = (DAY, 3600.0, 60.0, 1.0, 0.001)
_SOCKET_PATH = 107
"""Bytes. The kernel keeps 108 for the path of a socket, its closing zero included."""
_LATEST = 253402300799.0
"""The last second of the year 9999."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def as_number(value: object) -> float | None:
    """Return a finite number; ``None`` for anything else, booleans included."""
    if isinstance(value, str) and re.fullmatch(_NUMBER, value.strip().lower()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number(low: float, high: float, legal: str, *, above: bool = False) -> Parse:
    """Make a parser of numbers from ``low`` (or ``above`` it) to ``high``."""

    def parse(value: object, place: Place) -> float:
        found = as_number(value)
        if found is None or not low <= found <= high or (above and found == low):
            raise place.refuse(value, legal)
        return found

    return parse


percent = number(0.0, 100.0, "a number from 0 to 100")


def check_percent(value: object, name: str) -> float:
    """Return a percent that code gives elsewhere; raises ``SettingsError``, which calls it ``name``."""
    return float(percent(value, Place(name)))


def integer(low: int, high: int) -> Parse:
    """Make a parser of whole numbers from ``low`` to ``high``."""

    def parse(value: object, place: Place) -> int:
        found = value
        if isinstance(found, str) and re.fullmatch(_INTEGER, found.strip()):
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise place.refuse(value, f"a whole number from {low} to {high}")
        return found

    return parse


def size(low: int, high: int) -> Parse:
    """Make a parser of sizes: bytes, or a text such as ``64KiB`` or ``10MB``."""
    legal = f"a size such as 65536, 64KiB or 10MB, from {low} to {high} bytes"

    def parse(value: object, place: Place) -> int:
        found = value
        if isinstance(found, str):
            text = found.strip().lower()
            match = re.fullmatch(_SIZE, text)
            if match is not None:
                found = int(float(match[1]) * _UNITS[match[2]])
            elif re.fullmatch(_INTEGER, text):
                found = int(text)
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise place.refuse(value, legal)
        return found

    return parse


def as_seconds(value: object) -> float | None:
    """Return the seconds of a number or of a text such as ``1h30m``; ``None`` for anything else."""
    if isinstance(value, str):
        match = re.fullmatch(_DURATION, value.strip().lower())
        if match is not None and match[0]:
            amounts = zip(match.groups(), _SECONDS, strict=True)
            value = sum(float(amount) * unit for amount, unit in amounts if amount)
    return as_number(value)


def duration(*, zero: bool = False) -> Parse:
    """Make a parser of durations of up to a day in seconds, above zero unless ``zero`` is legal."""
    legal = f"seconds, or a duration such as 500ms, 2s or 1m30s, {'from' if zero else 'above'} 0 up to 1d"

    def parse(value: object, place: Place) -> float:
        found = as_seconds(value)
        if found is None or not 0 <= found <= DAY or (found == 0 and not zero):
            raise place.refuse(value, legal)
        return found

    return parse


def period(value: object, place: Place) -> float:
    """Parse how long mirroring lasts. A bare number is refused: it could be meant as hours."""
    found = as_seconds(value) if as_number(value) is None else None
    if found is None or not 0 < found <= LONGEST_PERIOD:
        raise place.refuse(value, "a duration such as 90s, 15m, 2h, 1d or 1h30m, up to 366d")
    return found


def moment(value: object, place: Place) -> float:
    """Parse an instant: ISO 8601 with zone, a TOML or Python datetime, or seconds since the epoch."""
    from datetime import datetime  # only this setting needs it

    when: object = value
    if isinstance(when, str) and as_number(when) is None:
        try:
            when = datetime.fromisoformat(when.strip().upper())
        except ValueError:
            when = None
    if isinstance(when, datetime):
        when = when.timestamp() if when.utcoffset() is not None else None
    found = as_number(when)
    if found is None or not 0 <= found <= _LATEST:
        raise place.refuse(value, "a time and its zone (2030-01-31T18:00:00Z), or seconds since the epoch")
    return found


def boolean(value: object, place: Place) -> bool:
    """Parse a switch."""
    word = str(int(value)) if isinstance(value, int) and value in (0, 1) else value
    word = word.strip().lower() if isinstance(word, str) else ""
    if word not in _TRUE and word not in _FALSE:
        raise place.refuse(value, "true or false (also 1/0, yes/no, on/off)")
    return word in _TRUE


def choice(*words: str) -> Parse:
    """Make a parser of one of some words, whatever their case."""

    def parse(value: object, place: Place) -> str:
        word = value.strip().lower() if isinstance(value, str) else ""
        if word not in words:
            raise place.refuse(value, f"one of: {', '.join(words)}")
        return word

    return parse


def as_list(value: object, place: Place) -> list[object]:
    """Return the items of a list, or of a text with commas; blank items of a text do not count."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    raise place.refuse(value, "a list, or a text with commas between its items")


def each(parse: Parse) -> Parse:
    """Make a parser of lists of what ``parse`` takes; repeated items count once."""

    def parse_all(value: object, place: Place) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(parse(item, place) for item in as_list(value, place)))

    return parse_all


def path_glob(value: object, place: Place) -> str:
    """Parse a glob over paths."""
    glob = value.strip() if isinstance(value, str) else ""
    if not glob.startswith(("/", "*")):
        raise place.refuse(value, "a path that starts with / or * (* within a segment, ** across segments)")
    return glob


def file_path(value: object, place: Place) -> str:
    """Parse the path of a file."""
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else ""
    if not isinstance(path, str) or not path.strip() or "\0" in path:
        raise place.refuse(value, "the path of a file")
    return path.strip()


def courier(value: object, place: Place) -> str:
    """Parse where the courier is: ``child``, or the socket of a shared one."""
    text = value.strip() if isinstance(value, str) else ""
    path = text.removeprefix("unix://")
    fits = path.startswith("/") and path.isprintable() and len(path.encode()) <= _SOCKET_PATH
    if text.lower() == "child":
        return "child"
    if path == text or not fits:
        raise place.refuse(value, "child, or unix:///path/of/a/socket of at most 107 bytes")
    return text
