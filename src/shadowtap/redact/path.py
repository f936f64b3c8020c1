"""The path: segment by segment, by the framework's route template where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shadowtap.redact import entities
from shadowtap.redact.form import decoded, encoded
from shadowtap.redact.key_spelling import words_of
from shadowtap.redact.keys import NO_FIELD, Context, Field, field_of, is_field_word
from shadowtap.redact.walk import Walk

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


def redact(raw: str, walk: Walk, route: str = "") -> str:
    """Return a path with the personal data of its segments replaced; other segments stay as they are."""
    segments = raw.split("/")
    template = _aligned(segments, route)
    out: list[str] = []
    before = ""
    for index, segment in enumerate(segments):
        if not segment:
            out.append(segment)
            continue
        pattern: str = template[index] if template else ""
        if template and pattern == segment:
            fresh = segment
        else:
            fresh = _segment(segment, _field(pattern, before, segment), walk)
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


def _field(pattern: str, before: str, segment: str) -> Field:
    parameter = _PARAMETER.search(pattern) if pattern else None
    named = _WORD.fullmatch(before) is not None
    if parameter is not None and parameter.lastindex is not None:
        return field_of(parameter[parameter.lastindex], (before,) if named and is_field_word(before) else ())
    if not named or not any(char.isdecimal() or char == "@" for char in segment):
        return NO_FIELD
    if not any(map(is_field_word, words_of(before))):
        return NO_FIELD
    field = field_of(before)
    secret = field.kind == entities.SECRET and len(segment) >= _SECRET_LENGTH
    return field if secret or not field.kind or field.kind in _TELLING else NO_FIELD


def _segment(raw: str, field: Field, walk: Walk) -> str:
    if ";" in raw:
        return ";".join(_matrix(piece, field, walk, index) for index, piece in enumerate(raw.split(";")))
    text = decoded(raw, walk, plus=False)
    return encoded(text, walk.text(text, field), raw, plus=False)


def _matrix(raw: str, field: Field, walk: Walk, index: int) -> str:
    """Redact a piece of a segment with parameters: ``users;id=7;email=...``."""
    key, equals, value = raw.partition("=")
    if not index or not equals:
        text = decoded(raw, walk, plus=False)
        return encoded(text, walk.text(text, field), raw, plus=False)
    text = decoded(value, walk, plus=False)
    fresh = walk.text(text, field_of(decoded(key, walk, plus=False)))
    return f"{key}={encoded(text, fresh, value, plus=False)}"
