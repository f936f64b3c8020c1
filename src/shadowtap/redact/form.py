"""``application/x-www-form-urlencoded``: query strings, form bodies, the query of a URL inside a value."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from shadowtap.redact import json_body
from shadowtap.redact.keys import Context, Field, field_of, looks_like_name
from shadowtap.redact.walk import Walk

_KEY_PARTS = re.compile(r"[^\[\].]+")
_BRACKETS = re.compile(r"[\[\]]")
_NO_KEY = re.compile(r"[\"{}<>\x00-\x1f]")
_PAIR = r"[\w.\-\[\]%+]{1,128}=[^\s=&\"{}<>]*+={0,2}"
_FORM = re.compile(rf"{_PAIR}(?:&{_PAIR})*+", re.ASCII).fullmatch
_UNRESERVED_ELSEWHERE = "!$'()*,/:;?@[]"


def redact(raw: str, walk: Walk, context: Context = ()) -> str:
    """Return pairs with their personal data replaced; order, repeats and unchanged pairs stay as they are."""
    if not raw:
        return raw
    return "&".join([_pair(pair, walk, context) for pair in raw.split("&")])


def is_form(text: str) -> bool:
    """Tell whether a text reads as pairs of names and encoded values and as nothing else."""
    return _FORM(text) is not None


def _pair(raw: str, walk: Walk, context: Context) -> str:
    raw_key, equals, raw_value = raw.partition("=")
    if _NO_KEY.search(raw_key):
        return _foreign(raw, walk)
    key = decoded(raw_key, walk)
    if not equals:
        # ?bob@example.com: a value that has no name, or a name alone, which looks no different.
        return encoded(key, walk.text(key), raw_key)
    field = form_field(key, context)
    around = len(walk.names)
    for name in names_in(key):
        walk.enter(name)
    fresh_key = encoded(key, walk.name(key, field), raw_key)
    value = decoded(raw_value, walk)
    fresh = encoded(value, walk.text(value, field), raw_value)
    del walk.names[around:]
    return f"{fresh_key}={fresh}"


def _foreign(raw: str, walk: Walk) -> str:
    """Redact JSON that is sent as a form; refuse anything else that does not read as a pair."""
    try:
        return json_body.redact(raw, walk)
    except json_body.NotJson:
        walk.refuse("not a form")


def form_field(key: str, context: Context) -> Field:
    """Return the field of a name such as ``user[address][zip]``, ``users[0].phone`` or ``email``."""
    if "[" not in key and "." not in key:
        return field_of(key, context)
    parts = _KEY_PARTS.findall(key)
    if not parts or not looks_like_name(key):
        return field_of(key)
    return field_of(parts[-1], (*context, *parts[:-1])[-2:])


def names_in(key: str) -> list[str]:
    """Return the names that stand in ``user[address][zip]`` or ``users[0].phone``, without positions."""
    if "[" not in key and "." not in key:
        return [key]
    parts = [part for piece in _BRACKETS.split(key) for part in _dotted(piece) if part] or [key]
    return [part for index, part in enumerate(parts) if not index or not part.isdecimal()]


def _dotted(piece: str) -> list[str]:
    return [piece] if "@" in piece else piece.split(".")


def decoded(raw: str, walk: Walk, *, plus: bool = True) -> str:
    """Return what a percent-encoded text says; refuse what is not UTF-8."""
    if plus and "+" in raw:
        raw = raw.replace("+", " ")
    if "%" not in raw:
        return raw
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        walk.refuse("percent-encoded text is not UTF-8")


def encoded(old: str, new: str, raw: str, *, plus: bool = True) -> str:
    """Return a value as the client would have written it: in the manner of ``raw``."""
    if new == old:
        return raw
    safe = "".join(char for char in _UNRESERVED_ELSEWHERE if char in raw)
    fresh = quote(new, safe=safe)
    return fresh.replace("%20", "+") if plus and "%20" not in raw else fresh
