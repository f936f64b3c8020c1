"""What a field holds, told from its name in any style: ``userEmail``, ``user_email``, ``user[e-mail]``."""

from __future__ import annotations

import re

from shadowtap.redact import entities
from shadowtap.redact.key_words import (
    BEARERS,
    FIELD_KINDS,
    FIELD_WORDS,
    HEAD_FIRST,
    ITEM_NUMBERS,
    JOINING,
    KEPT_TEXT,
    NAME_PARTS,
    NAMES,
    NEUTRAL,
    OPAQUE_POSITIONS,
    PERSONS,
    RUN_TOGETHER,
    THINGS,
    VERSIONS,
    VETOES,
)

_BOUNDARY = re.compile(
    r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+|(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])"
)
_LONGEST_PHRASE = 5
_MAX_KEPT_KEY = 64
_MAX_KEPT_DIGITS = 4
_MAX_CONTEXTS = 1000
_MAX_FIELDS = 2000


class Field:
    """What is known of a value before one looks at it."""

    __slots__ = ("item_number", "kept_text", "kind", "plain", "tag", "version", "words")

    def __init__(
        self, kind: str, words: frozenset[str], *, kept_text: bool = False, plain: bool = True
    ) -> None:
        self.kind = kind
        """The entity that the name tells, or empty."""
        self.words = words
        """The words of the name."""
        self.kept_text = kept_text
        """A short text of several words under this name is a label and not free text."""
        self.plain = plain
        """The name is a name, and not somebody's address or number."""
        self.version = not VERSIONS.isdisjoint(words)
        self.item_number = not ITEM_NUMBERS.isdisjoint(words)
        self.tag = f"{kind}|{' '.join(sorted(words))}|{int(kept_text)}|".encode("utf-8", "surrogatepass")
        """Tells in the cache decisions under different names apart."""


NO_FIELD = Field("", frozenset())
SEGMENT_FIELD = Field("", frozenset({"/"}))
"""A segment of a path that no template names: it may be a part of the address of an endpoint."""

TEXT_FIELD = Field(entities.TEXT, frozenset())

Context = tuple[str, ...]
"""Names of the objects around a field, outermost first; at most two."""


class Fields(dict[str, Field]):
    """The fields within objects of the same names. Remembers what can be a field's name, and no data."""

    __slots__ = ("_context",)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def __missing__(self, key: str) -> Field:
        """Find out what a field of that name holds."""
        field = _classify(key, self._context)
        if field.plain and len(self) < _MAX_FIELDS:
            self[key] = field
        return field


_known: dict[Context, Fields] = {}


def fields_in(context: Context = ()) -> Fields:
    """Return the fields within objects of these names."""
    found = _known.get(context)
    if found is None:
        found = Fields(context)
        if len(_known) < _MAX_CONTEXTS and all(map(looks_like_name, context)):
            _known[context] = found
    return found


def field_of(key: str, context: Context = ()) -> Field:
    """Return what a field of that name, within objects of those names, holds."""
    return fields_in(context)[key]


def looks_like_name(key: str) -> bool:
    """Tell whether a key can be a field's name, and not somebody's address or number."""
    return len(key) <= _MAX_KEPT_KEY and "@" not in key and sum(map(str.isdecimal, key)) <= _MAX_KEPT_DIGITS


def is_field_word(word: str) -> bool:
    """Tell whether a text is itself a word of field names, as ``password`` is."""
    lowered = word.lower()
    return lowered in FIELD_WORDS or _singular(lowered) in FIELD_WORDS


def words_of(key: str) -> list[str]:
    """Split a name into its words, lower-cased."""
    return [word for word in _BOUNDARY.sub(" ", key).lower().split() if word]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # "ids", "sms" stay
        return word[:-2] if word.endswith(("sses", "xes")) else word[:-1]
    return word


def _classify(key: str, context: Context) -> Field:
    words = words_of(key)
    spoken = frozenset(words) | {"".join(words)}
    kind, kept = _kind(words, [words_of(name) for name in context])
    return Field(kind, spoken, kept_text=kept, plain=looks_like_name(key))


def _kind(words: list[str], around: list[list[str]]) -> tuple[str, bool]:
    """Return the entity, and whether texts of several words are to be kept."""
    named = [word for word in words if not word.isdecimal()]
    parent = around[-1] if around else []
    if not named:
        # An index within a list, as in users[0], or a bare number: the list's name tells.
        return _kind(parent, around[:-1]) if parent else ("", False)
    joined = "".join(words)
    whole = FIELD_KINDS.get(joined) or FIELD_KINDS.get(_singular(joined))
    if whole:
        return _unless_counted(whole, named), False
    return _name_of(named, parent) or _told(named, parent)


def _name_of(named: list[str], parent: list[str]) -> tuple[str, bool] | None:
    """Decide on what ends or begins with ``name``, or stands in an object of that name."""
    last = named[-1]
    if last in NAMES or _singular(last) in NAMES:
        return _bearer(named[:-1], parent)
    if len(named) > 1 and last in VETOES:
        return "", last in KEPT_TEXT
    if parent and _singular(parent[-1]) in NAMES and (last in NAME_PARTS or last in NEUTRAL):
        return entities.PERSON, False
    return _bearer(named[1:], parent) if len(named) > 1 and named[0] in NAMES else None


def _told(named: list[str], parent: list[str]) -> tuple[str, bool]:
    """Decide by the telling words of a name, or by those around it."""
    found = _phrase(named) or _within(named, parent)
    if found:
        return _unless_counted(found, named), False
    if len(named) == 1 and _singular(named[0]) in BEARERS:
        return entities.BARE_NAME, False
    return "", named[-1] in KEPT_TEXT or "".join(named) in KEPT_TEXT


def _unless_counted(kind: str, named: list[str]) -> str:
    """Return the kind, unless the name speaks of places in a list or numbers of tokens."""
    if kind == entities.SECRET and len(named) > 1 and not OPAQUE_POSITIONS.isdisjoint(named[:-1]):
        return ""
    return kind


def _phrase(named: list[str]) -> str:
    """Return the kind of the telling words: the last ones that are not neutral, or else the first ones."""
    end = len(named)
    while end:
        for start in range(max(0, end - _LONGEST_PHRASE), end):
            joined = "".join(named[start:end])
            found = FIELD_KINDS.get(joined) or FIELD_KINDS.get(_singular(joined))
            if found:
                return found
        if not _passes(named[end - 1]):
            break
        end -= 1
    for size in range(min(len(named), _LONGEST_PHRASE), 1, -1):
        found = FIELD_KINDS.get("".join(named[:size]), "")
        if found and all(map(_passes, named[size:])):
            return found
    if named[0] in HEAD_FIRST and all(map(_passes, named[1:])):
        return FIELD_KINDS.get(named[0], "")
    return _run_together(named[-1])


def _passes(word: str) -> bool:
    return word in NEUTRAL or _singular(word) in PERSONS or len(word) == 1


def _run_together(word: str) -> str:
    """Return the kind of names such as ``customeremail``."""
    singular = _singular(word)
    for ending in RUN_TOGETHER:
        if singular.endswith(ending) and singular != ending:
            return FIELD_KINDS[ending]
    return ""


def _within(named: list[str], parent: list[str]) -> str:
    """Return the kind that the name has together with that of the object around it: card -> number."""
    if not parent or not all(map(_joins, named)):
        return ""
    head = [word for word in parent if not word.isdecimal()]
    if not head:
        return ""
    singular = [*head[:-1], _singular(head[-1])]
    joined = singular + named
    for start in range(len(singular)):
        found = FIELD_KINDS.get("".join(joined[start:]))
        if found:
            return found
    return _phrase(singular) if all(map(_passes, named)) else ""


def _joins(word: str) -> bool:
    return word in NEUTRAL or word in JOINING


def _bearer(owner: list[str], parent: list[str]) -> tuple[str, bool]:
    """Tell whose name a ``name`` is: a person's, a thing's, or unknown."""
    inside = not owner
    owner = owner or [word for word in parent if not word.isdecimal()]
    last = _singular(owner[-1]) if owner else ""
    if last in PERSONS or (last in NAME_PARTS and last != "display" and not inside):
        return entities.PERSON, False
    return ("", True) if last in THINGS else (entities.BARE_NAME, False)
