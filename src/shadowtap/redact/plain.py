"""The text that a reader sees: width, zero-width characters and foreign digits evened out."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return a text in NFKC, without format characters, its decimal digits in ASCII."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    if folded.isascii():
        return folded
    return "".join(map(_plain_char, folded))


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return "" if category == "Cf" else char
