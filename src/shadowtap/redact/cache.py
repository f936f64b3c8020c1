"""Decisions that were made before, kept without any plaintext."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """The most recent decisions by keyed digest, in two generations.

    A hit in the old generation moves to the young one; when the young one is
    full it becomes the old one. So at most ``size`` entries live, and those in
    use survive, at the price of one dictionary look-up.
    """

    __slots__ = ("_half", "_old", "_young")

    def __init__(self, size: int) -> None:
        self._half = max(1, size // 2)
        self._young: dict[bytes, Value] = {}
        self._old: dict[bytes, Value] = {}

    def get(self, digest: bytes) -> Value | None:
        """Return the decision for a digest, or ``None``."""
        found = self._young.get(digest)
        if found is None:
            found = self._old.pop(digest, None)
            if found is not None:
                self.put(digest, found)
        return found

    def put(self, digest: bytes, value: Value) -> None:
        """Remember a decision."""
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[digest] = value

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
