"""What the code of a request can ask about that request."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol


class Marks(Protocol):
    """The per-request object of the mirror, as the decorators see it."""

    def mark(self, share: Share) -> None:
        """Note what the endpoint that serves the request wishes."""


class Share:
    """What a decorated endpoint wishes: never mirrored, mirrored, or mirrored to its own percent."""

    __slots__ = ("never", "percent")

    def __init__(self, *, never: bool = False, percent: float | None = None) -> None:
        self.never = never
        self.percent = percent


class ShadowScope:
    """One shadow request, from its arrival to the end of its answer."""

    __slots__ = ("blocked", "dropped", "id")

    MAX_EFFECTS = 200

    def __init__(self, id: str) -> None:
        self.id = id
        self.blocked: list[str] = []
        self.dropped = 0

    def record(self, effect: str) -> None:
        """Note a blocked effect; after ``MAX_EFFECTS`` of them only their number."""
        if len(self.blocked) < self.MAX_EFFECTS:
            self.blocked.append(effect)
        else:
            self.dropped += 1


mirrored: ContextVar[Marks | None] = ContextVar("shadowtap_mirrored", default=None)
"""The request being captured, on the primary."""

shadow: ContextVar[ShadowScope | None] = ContextVar("shadowtap_shadow", default=None)
"""The shadow request being served, on the shadow."""


def is_shadow() -> bool:
    """Tell whether the code runs inside a shadow request."""
    return shadow.get() is not None
