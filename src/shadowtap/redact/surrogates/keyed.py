"""The keyed source of every surrogate: BLAKE2b and a permutation made of it.

Changing anything here changes every surrogate of every user; the golden
values in the tests are there to make that visible.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_PERSON = b"shadowtap-redact"
_HALF_ROUNDS = 4


class Keyed:
    """Deterministic, keyed functions, each separated from the others by a domain."""

    __slots__ = ("_domains", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key, digest_size=32, person=_PERSON).digest()
        self._domains: dict[bytes, hashlib.blake2b] = {}

    def _hash(self, domain: bytes) -> hashlib.blake2b:
        found = self._domains.get(domain)
        if found is None:
            found = hashlib.blake2b(domain + b"\0", key=self._key, person=_PERSON)
            self._domains[domain] = found
        return found.copy()

    def digest(self, domain: bytes, data: bytes) -> bytes:
        """Return 64 bytes that depend on key, domain and data."""
        state = self._hash(domain)
        state.update(data)
        return state.digest()

    def tagger(self, domain: bytes) -> Callable[[bytes], bytes]:
        """Return a function to 16 bytes that depend on key, domain and data."""
        state = hashlib.blake2b(domain + b"\0", digest_size=16, key=self._key, person=_PERSON)

        def tag(data: bytes) -> bytes:
            fresh = state.copy()
            fresh.update(data)
            return fresh.digest()

        return tag

    def stream(self, domain: bytes, data: bytes, length: int) -> bytes:
        """Return ``length`` bytes that depend on key, domain and data."""
        state = self._hash(domain)
        state.update(data)
        out = state.digest()
        if length <= len(out):
            return out[:length]
        more = (self.digest(domain, out + block.to_bytes(4, "big")) for block in range(1, -(-length // 64)))
        return b"".join([out, *more])[:length]

    def permute(self, domain: bytes, x: int, a: int, b: int) -> int:
        """Map ``x`` of ``range(a * b)`` to another number of that range, one to one, never to itself.

        A Feistel network P over the pair (x // b, x % b), and between P and its
        inverse a shift by a secret constant: a permutation without fixed points.
        """
        size = a * b
        if size < 2:  # a range of one has no other number
            return x
        state = self._hash(domain)
        state.update(b"%d,%d," % (a, b))

        number = int.from_bytes
        left, right = divmod(x, b)
        for index in range(0, _HALF_ROUNDS, 2):
            left = (left + number(_round(state, index, right), "big")) % a
            right = (right + number(_round(state, index + 1, left), "big")) % b
        shift = 1 + number(_round(state, _HALF_ROUNDS, 0), "big") % (size - 1)
        left, right = divmod((left * b + right + shift) % size, b)
        for index in range(_HALF_ROUNDS - 2, -1, -2):
            right = (right - number(_round(state, index + 1, left), "big")) % b
            left = (left - number(_round(state, index, right), "big")) % a
        return left * b + right


def _round(state: hashlib.blake2b, index: int, half: int) -> bytes:
    inner = state.copy()
    inner.update(b"%d,%d" % (index, half))
    return inner.digest()
