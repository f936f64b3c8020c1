"""How the names of fields are written: styles, accents, plurals, words that run together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_BOUNDARY = re.compile(
    r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+|(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])"
)
_LATIN = r"0-9a-zA-Z\u00c0-\u024f\u1e00-\u1eff"
_EAST_ASIAN = r"\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_SCRIPTS = re.compile(rf"(?<=[{_LATIN}])(?=[{_EAST_ASIAN}])|(?<=[{_EAST_ASIAN}])(?=[{_LATIN}])")
_IS_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]").search
_ACCENTED = re.compile("[\u00c0-\u052f\u1e00-\u1fff]")
_SPELT = str.maketrans(
    {"\u0131": "i", "ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae", "œ": "oe"}
)
_LONGEST_PIECE = 24
_LONGEST_WORD = 48


def words_of(key: str) -> list[str]:
    """Split a name into its words, lower-cased."""
    spaced = _BOUNDARY.sub(" ", key)
    if not spaced.isascii():
        spaced = _SCRIPTS.sub(" ", spaced)
    return spaced.lower().split()


def fold(text: str) -> str:
    """Return a text without the accents of Latin, Greek and Cyrillic letters."""
    return (
        text if text.isascii() else _ACCENTED.sub(_bare, unicodedata.normalize("NFC", text).translate(_SPELT))
    )


def _bare(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", match.group())[0]


def singular(word: str) -> str:
    """Return an English word without the ending of a plural."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # "ids", "sms" stay
        return word[:-2] if word.endswith(("sses", "xes")) else word[:-1]
    return word


def taken_apart(word: str, known: Container[str]) -> list[str]:
    """Split words that run together, as ``kontonummer`` or 新密码: the longest first, from the end.

    Of letters, every piece must be known. In Chinese, Japanese and Korean an
    unknown beginning does not matter, since what it is comes last.
    """
    if len(word) > _LONGEST_WORD:
        return [word]
    if _IS_EAST_ASIAN(word):
        return _from_the_end(word, known)
    pieces = _all_known(word, known, {})
    return pieces if pieces and any(len(piece) > 3 for piece in pieces) else [word]


def _from_the_end(word: str, known: Container[str]) -> list[str]:
    pieces: list[str] = []
    end = len(word)
    while end:
        start = next((at for at in range(max(0, end - _LONGEST_PIECE), end) if word[at:end] in known), -1)
        if start < 0:
            break
        pieces.append(word[start:end])
        end = start
    return [*([word[:end]] if end else []), *reversed(pieces)]


def _all_known(word: str, known: Container[str], seen: dict[str, list[str] | None]) -> list[str] | None:
    """Return a word's pieces, ``None`` if it has no such; Germanic words join theirs with an ``s``."""
    if not word:
        return []
    if word not in seen:
        seen[word] = None
        for size in range(min(len(word), _LONGEST_PIECE), 1, -1):
            piece = word[-size:]
            if piece in known:
                before = _all_known(word[:-size], known, seen)
                if before is None and word[:-size].endswith("s"):
                    before = _all_known(word[: -size - 1], known, seen)
                if before is not None:
                    seen[word] = [*before, piece]
                    break
    return seen[word]
