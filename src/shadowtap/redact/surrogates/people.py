"""Surrogates for names and addresses."""

from __future__ import annotations

import re
import unicodedata

from shadowtap.redact.surrogates.alphabets import is_cjk
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import shift
from shadowtap.redact.surrogates.words import (
    ACCENTED,
    FIRST,
    KEPT_IN_ADDRESSES,
    KEPT_IN_HAN_ADDRESSES,
    KEPT_IN_NAMES,
)

_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_MARKS = re.compile(r"[\u0300-\u036f]")


def name(keyed: Keyed, text: str) -> str:
    """Replace each word of a name by another name: case, word count, titles and script stay."""
    fresh = _words(keyed, b"name", text, KEPT_IN_NAMES)
    return fresh if fresh != text else _words(keyed, b"name", text, frozenset())


def address(keyed: Keyed, text: str) -> str:
    """Replace the words and numbers of an address; the kind of street stays readable."""
    fresh = _words(keyed, b"address", text, KEPT_IN_ADDRESSES)
    return fresh if fresh != text else _words(keyed, b"address", text, frozenset())


def _words(keyed: Keyed, domain: bytes, text: str, kept: frozenset[str]) -> str:
    canonical = _MARKS.sub("", unicodedata.normalize("NFC", text))

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        return word if word.lower() in kept else _word(keyed, domain, word)

    return _WORD.sub(replace, canonical)


def _word(keyed: Keyed, domain: bytes, word: str) -> str:
    if is_cjk(word[0]):
        kept = KEPT_IN_HAN_ADDRESSES if domain == b"address" else frozenset[str]()
        fresh = shift(keyed, domain, word, word)
        return "".join(old if old in kept else new for old, new in zip(word, fresh, strict=True))
    if len(word) == 1 or word[0].isdecimal() or not _is_latin(word):
        return shift(keyed, domain, word, word.lower())
    lowered = word.lower()
    place = int.from_bytes(keyed.digest(domain, lowered.encode())[:8], "big")
    names = FIRST if lowered.isascii() else ACCENTED
    fresh = names[place % len(names)]
    if fresh == lowered:
        fresh = names[(place + 1) % len(names)]
    if word.isupper():
        return fresh.upper()
    return fresh if word.islower() else fresh.capitalize()


def _is_latin(word: str) -> bool:
    return all(char < "\u0250" or "\u1e00" <= char <= "\u1eff" for char in word)
