"""How the words of a field's name make out together what the field holds.

The head of a name decides, which most languages put last (``billing_phone``)
and the Romance ones first (``telefono_casa``). Words that change nothing are
looked past; a word that makes the name one about the thing ends the search.
"""

from __future__ import annotations

from shadowtap.redact import entities
from shadowtap.redact.key_spelling import singular, taken_apart
from shadowtap.redact.key_words import (
    ABOUT,
    AMBIGUOUS,
    BEARERS,
    BIRTH_HEADS,
    BIRTH_WORDS,
    FIELD_KINDS,
    HEAD_FIRST,
    JOINING,
    KEPT_TEXT,
    KNOWN_WORDS,
    LINKERS,
    LONGEST_PHRASE,
    LOOSE_HEADS,
    NAME_PARTS,
    NAMES,
    NEUTRAL,
    OPAQUE,
    OPAQUE_POSITIONS,
    PERSONS,
    THINGS,
    TITLES,
    VETOES,
)

_MOST_WORDS = 16
_LAST = frozenset({"last", "first", "previous", "next", "prev"})

Verdict = tuple[str, bool]
"""An entity or nothing, and whether texts of several words are to be kept."""


def kind_of(words: list[str], around: list[list[str]]) -> Verdict:
    """Return what a field of these words holds, within objects of those; all without accents."""
    named = [piece for word in words[:_MOST_WORDS] if not word.isdecimal() for piece in _pieces(word)]
    parent = around[-1] if around else []
    if not named:
        # An index within a list, as in users[0], or a bare number: the list's name tells.
        return kind_of(parent, around[:-1]) if parent else ("", False)
    joined = "".join(words)
    whole = FIELD_KINDS.get(joined) or FIELD_KINDS.get(singular(joined)) or _birth(named) or _ending(named)
    if whole:
        return _unless_counted(whole, named), False
    return _name_of(named, parent) or _told(named, parent)


def _pieces(word: str) -> list[str]:
    known = word in KNOWN_WORDS or singular(word) in KNOWN_WORDS
    return [word] if known else taken_apart(word, KNOWN_WORDS)


def _birth(named: list[str]) -> str:
    """Return what is told of a birth: its date, its place, a name."""
    if BIRTH_WORDS.isdisjoint(named):
        return ""
    heads = [BIRTH_HEADS.get(word, "") for word in named if word not in BIRTH_WORDS]
    kinds = {kind for kind in heads if kind}
    others = [word for word in named if word not in BIRTH_WORDS and word not in BIRTH_HEADS]
    unknown = [word for word in others if not _passes(word)]
    if len(kinds) > 1 or (unknown and (not kinds or not VETOES.isdisjoint(unknown))):
        return ""
    return kinds.pop() if kinds else entities.BIRTH


def _ending(named: list[str]) -> str:
    """Return the kind that two words or more at the end of a name tell together: ``account_number``."""
    return _phrase(named, len(named), 2)


def _phrase(named: list[str], end: int, least: int = 1) -> str:
    """Return the kind of the longest row of words that ends there; words that join count or do not."""
    for start in range(max(0, end - LONGEST_PHRASE), end - least + 1):
        row = named[start:end]
        joined, bare = "".join(row), "".join(word for word in row if word not in LINKERS)
        for spelt in (joined, singular(joined), bare):
            found = FIELD_KINDS.get(spelt, "")
            if found:
                return found if _stands(spelt, found, named[:start]) else ""
    return ""


def _stands(spelt: str, kind: str, before: list[str]) -> bool:
    """Tell whether a phrase means the same with those words before it."""
    if not before:
        return True
    if kind == entities.USERNAME and before[-1] in _LAST:
        return False  # the last login is a time
    if spelt in AMBIGUOUS:
        return all(map(_passes, before))
    return before[0] not in ABOUT or before[0] in NEUTRAL


def _name_of(named: list[str], parent: list[str]) -> Verdict | None:
    """Decide on what ends or begins with ``name``, or stands in an object of that name."""
    last = named[-1]
    if last in NAMES or singular(last) in NAMES:
        return _bearer(named[:-1], parent)
    if len(named) > 1 and last in VETOES:
        return "", last in KEPT_TEXT or _is_title(named, parent)
    if parent and singular(parent[-1]) in NAMES and (last in NAME_PARTS or last in NEUTRAL):
        return entities.PERSON, False
    return _bearer(named[1:], parent) if len(named) > 1 and named[0] in NAMES else None


def _told(named: list[str], parent: list[str]) -> Verdict:
    """Decide by the telling words of a name, or by those around it."""
    found = _head(named) or _within(named, parent)
    if found:
        return _unless_counted(found, named), False
    if len(named) == 1 and singular(named[0]) in BEARERS:
        return entities.BARE_NAME, False
    return "", named[-1] in KEPT_TEXT or "".join(named) in KEPT_TEXT or _is_title(named, parent)


def _is_title(named: list[str], parent: list[str]) -> bool:
    """Tell whether a thing is called by that: ``product_title``, or ``title`` in a product."""
    owner = [word for word in named[:-1] or parent if not word.isdecimal()]
    return named[-1] in TITLES and bool(owner) and singular(owner[-1]) in THINGS


def _unless_counted(kind: str, named: list[str]) -> str:
    """Return the kind, unless the name speaks of places in a list or numbers of tokens."""
    if kind == entities.SECRET and len(named) > 1 and not OPAQUE_POSITIONS.isdisjoint(named[:-1]):
        return ""
    return kind


def _head(named: list[str]) -> str:
    """Return the kind of the last words that are not passed over, or else of the first ones."""
    for end in range(len(named), 0, -1):
        found = _phrase(named, end)
        if found:
            return found
        if not _passes(named[end - 1]):
            break
    if named[0] in ABOUT or any(not words.isdisjoint(named[1:]) for words in (VETOES, THINGS, OPAQUE)):
        return ""
    return _first(named) or _loose(named)


def _first(named: list[str]) -> str:
    """Return the kind of a head that comes first."""
    for size in range(min(len(named), LONGEST_PHRASE), 0, -1):
        spelt = "".join(word for word in named[:size] if word not in LINKERS)
        if spelt in FIELD_KINDS and (size > 1 or spelt in HEAD_FIRST):
            return FIELD_KINDS[spelt]
    return ""


def _loose(named: list[str]) -> str:
    """Return the kind of a telling word before one that nobody knows, if the value's form tells too."""
    for end in range(len(named) - 1, 0, -1):
        found = _phrase(named, end)
        if found in LOOSE_HEADS and "".join(named[end - 1 : end]) not in AMBIGUOUS:
            return entities.BARE_NAME if found == entities.PERSON else found
    return ""


def _passes(word: str) -> bool:
    return word in NEUTRAL or word in LINKERS or singular(word) in PERSONS or len(word) == 1


def _within(named: list[str], parent: list[str]) -> str:
    """Return the kind that the name has together with that of the object around it: card -> number."""
    if not parent or not all(map(_joins, named)):
        return ""
    head = [word for word in parent if not word.isdecimal()]
    if not head:
        return ""
    lone = [*head[:-1], singular(head[-1])]
    joined = lone + named
    for start in range(len(lone)):
        found = FIELD_KINDS.get("".join(joined[start:])) or _birth(joined[start:])
        if found:
            return found
    return _head(lone) if all(map(_passes, named)) else ""


def _joins(word: str) -> bool:
    return word in NEUTRAL or word in JOINING


def _bearer(owner: list[str], parent: list[str]) -> Verdict:
    """Tell whose name a ``name`` is: a person's, a thing's, or unknown."""
    inside = not owner
    words = [word for word in owner or parent if not word.isdecimal() and word not in LINKERS]
    last = singular(words[-1]) if words else ""
    if last in PERSONS or (last in NAME_PARTS and last != "display" and not inside):
        return entities.PERSON, False
    return ("", True) if last in THINGS else (entities.BARE_NAME, False)
