"""The last look at what is about to leave: nothing that was taken out may be in it."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

from shadowtap.redact.shapes import ZONE_AREAS
from shadowtap.redact.walk import MIN_REMOVED

_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})|(.))", re.DOTALL
)
_REFERENCE = re.compile(rb"&(?:#0*+([0-9]{1,7})|#x0*+([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_SPECIAL = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_URL_SAFE = {ord("-"): ord("+"), ord("_"): ord("/")}
_ONLY_BASE64 = bytes(byte if byte in _LETTERS else _URL_SAFE.get(byte, ord(" ")) for byte in range(256))
"""Leaves what can be Base64, in the one alphabet, and spaces between."""

_MANY = 16 * 1024 * 1024
"""Bytes to compare one by one; beyond, one walk over the text for all strings at once."""

_FEW = 256
"""Strings that are always quicker looked for one by one."""

_SHORTEST_BASE64 = 12
_LONGEST_BASE64 = 8192
"""Longer ones can only be our own: such values are made noise or scrubbed."""

_TIME_ZONE = re.compile(rf"(?:{ZONE_AREAS})(?:(?:\\?/|%2[Ff])[A-Z][A-Za-z_\-]{{2,30}}){{1,2}}".encode())
_TICK = 16 * 1024


def survivors(removed: Iterable[str], parts: Iterable[bytes], tick: Callable[[], None]) -> list[str]:
    """Return the removed strings that occur in the parts: plain, percent-encoded, escaped, or in Base64.

    ``tick`` is called now and then and may raise.
    """
    needles = {text.encode("utf-8", "surrogatepass"): text for text in removed}
    if not needles:
        return []
    read = b"\n".join(readings(b"\n".join(parts)))
    haystack = b"\n".join((read, *_in_base64(read)))
    found = _found(needles, haystack, tick)
    if found:
        # A city may be taken out of an address, and the time zone of that name stays.
        haystack = _TIME_ZONE.sub(b"", haystack)
        found = _found({needle: text for needle, text in needles.items() if text in found}, haystack, tick)
    return found


def _found(needles: dict[bytes, str], haystack: bytes, tick: Callable[[], None]) -> list[str]:
    if len(needles) <= _FEW or len(needles) * len(haystack) <= _MANY:
        return [text for needle, text in needles.items() if needle in haystack]
    return _many(needles, haystack, tick)


def readings(sent: bytes) -> list[bytes]:
    """Return what is sent in each way in which it can be read."""
    found = [sent]
    if b"%" in sent or b"+" in sent:
        found.append(unquote_to_bytes(sent.replace(b"+", b" ")))
    if b"\\" in sent:
        found.append(_ESCAPE.sub(_unescaped, sent))
    if b"&" in sent and b";" in sent:
        found.append(_REFERENCE.sub(_referred, sent))
    return found


def _in_base64(sent: bytes) -> list[bytes]:
    """Return what all that could be Base64 says, from each of the four places where a group could begin."""
    words = set(sent.translate(_ONLY_BASE64).split())
    found = []
    for word in words:
        if _SHORTEST_BASE64 <= len(word) <= _LONGEST_BASE64:
            for start in range(4):
                # One character beyond the last whole group says nothing.
                end = len(word) - ((len(word) - start) % 4 == 1)
                found.append(a2b_base64(word[start:end] + b"=="))
    return found


def _referred(reference: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, special = reference.groups()
    if special:
        return _SPECIAL[special]
    point = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(point).encode("utf-8", "surrogatepass") if point <= 0x10FFFF else reference[0]


def _unescaped(escape: re.Match[bytes]) -> bytes:
    point, char = escape.groups()
    if point is None:
        return {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}.get(char, char)
    units = b"".join(bytes.fromhex(unit.decode()) for unit in point.split(b"\\u"))
    return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")


def _many(needles: dict[bytes, str], haystack: bytes, tick: Callable[[], None]) -> list[str]:
    """Return the needles that occur, in time linear in the haystack unless many begin alike."""
    by_start: dict[bytes, list[bytes]] = {}
    for needle in needles:
        by_start.setdefault(needle[:MIN_REMOVED], []).append(needle)
    found: dict[str, None] = {}
    for at in range(len(haystack) - MIN_REMOVED + 1):
        candidates = by_start.get(haystack[at : at + MIN_REMOVED])
        if candidates:
            tick()
            for needle in candidates:
                if haystack.startswith(needle, at):
                    found[needles[needle]] = None
        elif not at % _TICK:
            tick()
    return list(found)
