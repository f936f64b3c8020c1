"""The path: segment by segment, by the framework's route template where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shadowtap.redact import entities
from shadowtap.redact.form import decoded, encoded
from shadowtap.redact.key_spelling import words_of
from shadowtap.redact.keys import SEGMENT_FIELD, Context, Field, field_of, is_field_word
from shadowtap.redact.walk import OTHER, Walk

_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
_PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}|<(?:\w+(?:\([^)]*\))?:)?(\w+)>|:(\w+)")
_WORD = re.compile(r"[A-Za-z][A-Za-z_\-]{1,40}")
_NOT_A_TOPIC = frozenset({"api", "rest", "graphql", "rpc", "public", "internal"})

# What the segment before may say of a segment with a digit in it, when no template tells.
_TELLING = frozenset(
    {
        entities.EMAIL,
        entities.PHONE,
        entities.CARD,
        entities.CVV,
        entities.IBAN,
        entities.ACCOUNT,
        entities.SSN,
        entities.ID,
        entities.BIRTH,
        entities.DEVICE,
        entities.GEO,
    }
)
_SECRET_LENGTH = 8
_EMPTY = "-"
"""Stands for a segment that a rule drops: without one the path would lead elsewhere."""


def redact(raw: str, walk: Walk, route: str = "") -> str:
    """Return a path with the personal data of its segments replaced; other segments stay as they are."""
    segments = raw.split("/")
    template = _aligned(segments, route)
    out: list[str] = []
    before = ""
    inside = bool(walk.names)
    for index, segment in enumerate(segments):
        if not segment:
            out.append(segment)
            continue
        pattern: str = template[index] if template else ""
        if template and pattern == segment:
            fresh = segment
        else:
            walk.enter(_name(pattern, before, inside=inside))
            fresh = _segment(segment, _field(pattern, before, segment), walk)
            walk.leave()
        out.append(fresh)
        before = segment
    return "/".join(out)


def topic(raw: str) -> Context:
    """Return the last plain word of a path, as what is around the body: ``/users/7`` -> users.

    Only a word of field names counts, so that nobody's name becomes one.
    """
    for segment in reversed(raw.split("/")):
        if _WORD.fullmatch(segment) and segment not in _NOT_A_TOPIC and is_field_word(segment):
            return (segment,)
    return ()


def _aligned(segments: Sequence[str], route: str) -> Sequence[str] | None:
    """Return the template's segments beside those of the path; ``None`` when they do not fit."""
    if not route:
        return None
    pattern = _template(route)
    missing = len(segments) - len(pattern)
    if missing < 0:
        return None
    pattern = ("",) * missing + pattern  # what an application is mounted under comes first
    fits = all(
        not part or part == segment or _PARAMETER.search(part)
        for part, segment in zip(pattern, segments, strict=True)
    )
    return pattern if fits else None


@lru_cache(maxsize=1024)
def _template(route: str) -> tuple[str, ...]:
    """Split a route of any framework, or a regular expression of Django's, into segments."""
    return tuple(_NAMED_GROUP.sub(r"{\1}", route).strip("^$").split("/"))


def _parameter(pattern: str) -> str:
    """Return the name of a template's parameter; empty when it is none."""
    found = _PARAMETER.search(pattern) if pattern else None
    return found[found.lastindex] if found and found.lastindex else ""


def _name(pattern: str, before: str, *, inside: bool) -> str:
    """Return the name of a segment's place: the parameter's, or the segment before if that is a word.

    In a URL ``inside`` another value it must be a word of field names, since it may be a customer's.
    """
    word = _WORD.fullmatch(before) and not (inside and not is_field_word(before))
    return _parameter(pattern) or (before if word else OTHER)


def _field(pattern: str, before: str, segment: str) -> Field:
    parameter = _parameter(pattern)
    named = _WORD.fullmatch(before) is not None
    if parameter:
        return field_of(parameter, (before,) if named and is_field_word(before) else ())
    if not named or not any(char.isdecimal() or char == "@" for char in segment):
        return SEGMENT_FIELD
    if not any(map(is_field_word, words_of(before))):
        return SEGMENT_FIELD
    field = field_of(before)
    secret = field.kind == entities.SECRET and len(segment) >= _SECRET_LENGTH
    return field if secret or not field.kind or field.kind in _TELLING else SEGMENT_FIELD


def _segment(raw: str, field: Field, walk: Walk) -> str:
    if ";" in raw:
        return ";".join(_matrix(piece, field, walk, index) for index, piece in enumerate(raw.split(";")))
    return _piece(raw, field, walk)


def _piece(raw: str, field: Field, walk: Walk) -> str:
    text = decoded(raw, walk, plus=False)
    fresh = walk.text(text, field)
    if text and not fresh:
        fresh = _EMPTY
    return encoded(text, fresh, raw, plus=False)


def _matrix(raw: str, field: Field, walk: Walk, index: int) -> str:
    """Redact a piece of a segment with parameters: ``users;id=7;email=...``."""
    key, equals, value = raw.partition("=")
    if not index or not equals:
        return _piece(raw, field, walk)
    text = decoded(value, walk, plus=False)
    name = decoded(key, walk, plus=False)
    walk.enter(name)
    fresh = walk.text(text, field_of(name))
    walk.leave()
    return f"{key}={encoded(text, fresh, value, plus=False)}"
