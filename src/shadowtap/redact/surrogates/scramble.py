"""Shape-preserving surrogates: a letter for a letter, a digit for a digit."""

from __future__ import annotations

import re
from math import prod

from shadowtap.redact.surrogates.alphabets import DIGITS, HEX_LOWER, HEX_UPPER, alphabet_of
from shadowtap.redact.surrogates.keyed import Keyed

_MAX_PERMUTED = 128
"""Longer texts take a keyed stream instead of the permutation; 128 letters stay within its range."""
_HEX = re.compile(r"(?=[^a-fA-F]{0,64}[a-fA-F])(?:[0-9a-f]+(?:[-:][0-9a-f]+)*|[0-9A-F]+(?:[-:][0-9A-F]+)*)")
_HEX_MIN = 16
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_UUID_VERSION_AND_VARIANT = (14, 19)


def _alphabets(text: str) -> list[str]:
    """Return the letters that may stand at each place of the text."""
    if len(text) >= _HEX_MIN and _HEX.fullmatch(text):
        letters = HEX_UPPER if text.isupper() else HEX_LOWER
        alphabets = [letters if char.isalnum() else "" for char in text]
        if _UUID.fullmatch(text):
            for index in _UUID_VERSION_AND_VARIANT:
                alphabets[index] = ""
        return alphabets
    return [alphabet_of(char) for char in text]


def _place(char: str, letters: str) -> int:
    """Return the place of a character in its alphabet; of one that is not in it, some place."""
    found = letters.find(char)
    return found if found >= 0 else ord(char) % len(letters)


def scramble(keyed: Keyed, domain: bytes, text: str) -> str:
    """Replace each letter by a letter of its case and script and each digit by a digit.

    One to one for ASCII text up to 128 characters, and never the text itself
    if it has a letter or a digit.
    """
    if len(text) > _MAX_PERMUTED:
        return shift(keyed, domain, text, text)
    if text.isdecimal() and text.isascii():
        return _permuted(keyed, domain, text)  # what follows would come to the same, more slowly
    alphabets = _alphabets(text)
    places = [(index, letters) for index, letters in enumerate(alphabets) if letters]
    middle = len(places) // 2
    sizes = [len(letters) for _, letters in places]
    number = 0
    for index, letters in places:
        number = number * len(letters) + _place(text[index], letters)
    number = keyed.permute(domain, number, prod(sizes[:middle]), prod(sizes[middle:]))
    out = list(text)
    for index, letters in reversed(places):
        number, place = divmod(number, len(letters))
        out[index] = letters[place]
    return "".join(out)


def _permuted(keyed: Keyed, domain: bytes, run: str) -> str:
    """Permute a run of digits as one number, the halves of which are the sides of the network."""
    half = len(run) // 2
    return str(keyed.permute(domain, int(run), 10**half, 10 ** (len(run) - half))).zfill(len(run))


def _shifted(char: str) -> bytes:
    """Return what an ASCII character becomes by each byte of a stream."""
    letters = alphabet_of(char)
    if not letters:
        return char.encode() * 256
    first, size = letters.index(char) + 1, len(letters)
    return "".join(letters[(first + offset % (size - 1)) % size] for offset in range(256)).encode()


_SHIFTED = tuple(map(_shifted, map(chr, range(128))))


def shift(keyed: Keyed, domain: bytes, text: str, identity: str) -> str:
    """Replace each letter and digit of ``text`` by another one, by a stream that depends on ``identity``."""
    stream = keyed.stream(domain, identity.encode("utf-8", "surrogatepass"), len(text))
    if text.isascii():
        return bytes(
            [_SHIFTED[char][offset] for char, offset in zip(text.encode(), stream, strict=True)]
        ).decode()
    out = []
    for char, offset in zip(text, stream, strict=False):
        letters = alphabet_of(char)
        if letters:
            size = len(letters)
            char = letters[(_place(char, letters) + 1 + offset % (size - 1)) % size]  # noqa: PLW2901
        out.append(char)
    return "".join(out)


def digits(keyed: Keyed, domain: bytes, text: str, *, keep_lead: bool = False) -> str:
    """Permute a run of ASCII digits as one number of the same length.

    With ``keep_lead`` the result begins with a digit other than 0, as the text must.
    """
    if not keep_lead:
        return _permuted(keyed, domain, text)
    # 9 * 10**(n-1) numbers have n digits and no leading zero.
    half, least = len(text) // 2, 10 ** (len(text) - 1)
    left, right = 9 * 10 ** max(half - 1, 0), 10 ** (len(text) - max(half, 1))
    return str(keyed.permute(domain, int(text) - least, left, right) + least)


def onto(template: str, run: str) -> str:
    """Write the digits of ``run`` over the digits of ``template``, one after the other."""
    source = iter(run)
    return "".join(next(source) if char in DIGITS else char for char in template)


def only_digits(text: str) -> str:
    """Return the ASCII digits of a text."""
    return "".join(char for char in text if char in DIGITS)
