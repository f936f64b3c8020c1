"""Parsers of HTTP words: methods, header names and the headers that a copy gets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shadowtap.headers import SHADOW_PREFIX

from .parse import as_list
from .place import Place, show_name

_TCHARS = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}"
_PAIR = 2
_VALUE = r"[\x20-\x7e\t]*"

OURS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Lower-cased names that frame or address a copy: the sender alone writes them."""

Pairs = tuple[tuple[str, str], ...]


def method(value: object, place: Place) -> str:
    """Parse a method, in upper case."""
    word = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(_TCHARS, word):
        raise place.refuse(value, "a method such as GET")
    return word.upper()


def header_name(value: object, place: Place) -> str:
    """Parse the name of a header."""
    name = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(_TCHARS, name):
        raise place.refuse(value, "the name of a header such as X-Team (letters, digits and -)")
    return name


def _copy_header(value: object, place: Place) -> str:
    name = header_name(value, place)
    if name.lower() in OURS or name.lower().encode().startswith(SHADOW_PREFIX):
        raise place.problem(f"names {show_name(name)}, which shadowtap itself writes; take it out")
    return name


def kept_header(value: object, place: Place) -> str:
    """Parse the name of a header that a rule keeps, in lower case."""
    return _copy_header(value, place).lower()


def _pairs(value: object, place: Place) -> list[tuple[object, object]]:
    if isinstance(value, Mapping):
        return list(value.items())
    items = [] if isinstance(value, str) else as_list(value, place)
    pairs = [(item[0], item[1]) for item in items if isinstance(item, tuple | list) and len(item) == _PAIR]
    if isinstance(value, str) or len(pairs) != len(items):
        raise place.refuse(value, 'a table of names and values such as { "X-Team" = "shop" }')
    return pairs


def headers(value: object, place: Place) -> Pairs:
    """Parse headers that are set on copies. No error shows a value: it may be a token."""
    found: dict[str, tuple[str, str]] = {}
    for key, content in _pairs(value, place):
        name = _copy_header(key, place)
        if not isinstance(content, str) or not re.fullmatch(_VALUE, content):
            raise place.problem(f"gives {show_name(name)} a value that is not printable ASCII text")
        if name.lower() in found:
            raise place.problem(f"names {show_name(name)} twice")
        found[name.lower()] = (name, content.strip())
    return tuple(found.values())


def header_globs(value: object, place: Place) -> Pairs:
    """Parse the headers that a rule asks for: lower-cased names and globs over their values."""
    found: dict[str, str] = {}
    for key, glob in _pairs(value, place):
        name = header_name(key, place)
        if not isinstance(glob, str) or not glob:
            raise place.problem(f'gives {show_name(name)} no glob; "*" matches every value')
        if name.lower() in found:
            raise place.problem(f"names {show_name(name)} twice")
        found[name.lower()] = glob
    return tuple(found.items())


def sticky(value: object, place: Place) -> object:
    """Parse what keeps a client in or out of the sample: ``header:NAME``, ``cookie:NAME`` or a callable."""
    if callable(value):
        return value
    kind, _, name = value.strip().partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in ("header", "cookie") or not re.fullmatch(_TCHARS, name):
        raise place.refuse(value, "header:NAME or cookie:NAME (in Python also a callable)")
    return f"{kind}:{name.lower() if kind == 'header' else name}"
