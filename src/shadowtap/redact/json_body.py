"""JSON: only the values that change are cut out and replaced, every other byte stays."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NoReturn

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact.budget import MAX_DEPTH
from shadowtap.redact.keys import NO_FIELD, Context, Field, Fields, fields_in
from shadowtap.redact.walk import OTHER, Walk

# Reads a text that is known to be JSON: strings whole, so that nothing inside one is taken for structure.
_NUMBER_FORM = r"-?[0-9][0-9.eE+\-]*"


def _tokens(plain: str) -> re.Pattern[str]:
    """Compile what reads strings, names, ``plain`` values and brackets."""
    return re.compile(rf'"([^"\\]*(?:\\.[^"\\]*)*)"([ \t\r\n]*:)?|({plain})|([{{\[])|[}}\]]', re.DOTALL)


_TOKEN = _tokens(_NUMBER_FORM)
_TOKEN_WITH_SWITCHES = _tokens(f"{_NUMBER_FORM}|true|false")
_VALUE, _NAME, _NUMBER, _OPEN = 1, 2, 3, 4


class NotJson(Exception):
    """The text is not JSON."""


def _refuse(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def check(text: str) -> None:
    """Raise ``NotJson`` unless a text is JSON (RFC 8259), ``RedactionFailed`` when it is nested too deep."""
    try:
        # Numbers are read as their lengths: nobody needs them, and a long one takes quadratic time.
        json.loads(text, parse_constant=_refuse, parse_float=len, parse_int=len)
    except ValueError:
        raise NotJson from None
    except RecursionError:
        raise RedactionFailed(f"JSON is nested deeper than {MAX_DEPTH} levels") from None


class _Level:
    """An object or list that is open."""

    __slots__ = ("context", "field", "fields", "key")

    def __init__(self, context: Context, fields: Fields, field: Field, key: str) -> None:
        self.context = context
        self.fields = fields
        self.field = field
        """What the next value belongs to."""
        self.key = key


def redact(text: str, walk: Walk, context: Context = (), field: Field = NO_FIELD) -> str:
    """Return a JSON text with its personal data replaced.

    ``context`` names what is around the whole, ``field`` is for values that
    stand in no object. Raises ``NotJson``.
    """
    check(text)
    # Names at least; within a string the quotation mark would be escaped.
    walk.budget.foresee(text.count('":') - text.count('\\":'))
    out: list[str] = []
    at = 0
    level = _Level(context, fields_in(context), field, "")
    levels = [level]
    for token in (_TOKEN_WITH_SWITCHES if walk.ruled else _TOKEN).finditer(text):
        group = token.lastindex
        if group == _VALUE:
            raw = token[1]
            fresh = _string(raw, walk, level.field)
        elif group == _NAME:
            raw = token[1]
            fresh = _name(raw, walk, level)
        elif group == _NUMBER:
            raw = token[3]
            fresh = walk.number(raw, level.field)
        elif group == _OPEN:
            bracket = token[4]
            level = _opened(level, bracket)
            levels.append(level)
            if bracket == "{":
                walk.names.append(OTHER)
            if len(levels) > MAX_DEPTH + 1:
                raise RedactionFailed(f"{walk.budget.part}: nested deeper than {MAX_DEPTH} levels")
            continue
        else:
            levels.pop()
            level = levels[-1]
            if token[0] == "}":
                walk.names.pop()
            continue
        if fresh is not raw:
            first = token.start(3 if group == _NUMBER else 1)
            out += text[at:first], fresh
            at = first + len(raw)
    out.append(text[at:])
    return "".join(out)


def _opened(level: _Level, bracket: str) -> _Level:
    """Enter an object, whose name is around its values, or a list, whose values have its name."""
    if bracket == "[":
        return _Level(level.context, level.fields, level.field, level.key)
    if not level.key:
        return _Level(level.context, level.fields, NO_FIELD, "")
    context = (*level.context, level.key)[-2:]
    return _Level(context, fields_in(context), NO_FIELD, "")


def _string(raw: str, walk: Walk, field: Field) -> str:
    """Return what is to stand between the quotes of a value."""
    if "\\" in raw:
        old = _decoded(raw)
        fresh = walk.text(old, field)
        return raw if fresh == old else _encoded(fresh, raw)
    fresh = walk.text(raw, field)
    return raw if fresh == raw else _encoded(fresh, raw)


def _name(raw: str, walk: Walk, level: _Level) -> str:
    """Return what is to stand between the quotes of a name, and note it for its value."""
    key = _decoded(raw) if "\\" in raw else raw
    level.key = key
    field = level.field = level.fields[key]
    walk.names[-1] = key if field.plain else OTHER
    fresh = walk.name(key, field)
    return raw if fresh == key else _encoded(fresh, raw)


def _decoded(raw: str) -> str:
    text: str = json.loads(f'"{raw}"')
    return text


def _encoded(fresh: str, raw: str) -> str:
    """Return a string's inside as JSON writes it, non-ASCII characters as they were written before."""
    encode = encode_basestring_ascii if "\\u" in raw or not fresh.isprintable() else encode_basestring
    return encode(fresh)[1:-1]
