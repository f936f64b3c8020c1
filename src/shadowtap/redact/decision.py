"""What is decided on a value."""

from __future__ import annotations

from typing import NamedTuple

from shadowtap.redact.notes import Step


class Removed(NamedTuple):
    """A stretch of the original value, and what stands in its place."""

    start: int
    end: int
    surrogate: str


class Outcome(NamedTuple):
    """What becomes of a value."""

    text: str
    removed: tuple[Removed, ...]
    step: Step = Step.NOBODY
    """Who decided, for those who ask."""
    entity: str = ""
    kept: bool = False
    """The value stays, whatever ``text`` is."""


KEPT = Outcome("", (), kept=True)
KEPT_BY_NAME = KEPT._replace(step=Step.KEY)
KEPT_SHAPE = KEPT._replace(step=Step.SHAPE)


def surrogate_of(outcome: Outcome) -> str:
    """Return what is new in a value that was changed, and nothing of what stays around it."""
    removed = outcome.removed
    if removed and removed[-1].start == 0:
        return removed[-1].surrogate
    return " … ".join(piece.surrogate for piece in removed) or outcome.text


def whole(text: str, fresh: str, step: Step, entity: str) -> Outcome:
    """Return that the whole of a value becomes another one."""
    return Outcome(fresh, (Removed(0, len(text), fresh),), step, entity)


def replaced_whole(text: str, outcome: Outcome) -> Outcome:
    """Return the outcome of an evened text as that of the text itself, all of which is replaced."""
    return outcome._replace(removed=(Removed(0, len(text), outcome.text),))
