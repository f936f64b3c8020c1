"""What a field holds, told from its name in any style: ``userEmail``, ``user_email``, ``user[e-mail]``."""

from __future__ import annotations

from shadowtap.redact import entities
from shadowtap.redact.key_grammar import kind_of
from shadowtap.redact.key_spelling import fold, singular, words_of
from shadowtap.redact.key_words import FIELD_WORDS, ITEM_NUMBERS, VERSIONS

_MAX_KEPT_KEY = 64
_LONGEST_NAME = 256
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
    folded = fold(word.lower())
    return folded in FIELD_WORDS or singular(folded) in FIELD_WORDS


def _classify(key: str, context: Context) -> Field:
    if len(key) > _LONGEST_NAME:
        return Field("", frozenset(), plain=False)
    words = words_of(key)
    spoken = frozenset(words) | {"".join(words)}
    kind, kept = kind_of(_folded(words), [_folded(words_of(name)) for name in context])
    return Field(kind, spoken, kept_text=kept, plain=looks_like_name(key))


def _folded(words: list[str]) -> list[str]:
    return [fold(word) for word in words]
