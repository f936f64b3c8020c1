"""What was decided on each value of a request, for those who ask: never the value itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from shadowtap.redact.key_spelling import words_of
from shadowtap.redact.keys import is_field_word


class Step(StrEnum):
    """The step in the order of decisions that settled the matter."""

    RULE = "user rule"
    CREDENTIAL = "credential"
    KEY = "key name"
    CONTAINER = "container"
    RECOGNISER = "recogniser"
    SHAPE = "technical shape"
    FREE_TEXT = "free text"
    STRICT = "strict"
    SELF_CHECK = "self-check"
    NOBODY = "unrecognised"
    """No step took it for anything: it stays."""


Kind = Literal["string", "number", "name", "header"]
"""What a value is where it stands: a JSON number, somebody's address as a field's name, a whole header."""

Done = Literal["kept", "replaced", "dropped"]


class Note(NamedTuple):
    """What became of one value."""

    place: str
    kind: Kind
    length: int
    """Of the original, in characters."""
    done: Done
    step: Step
    entity: str
    surrogate: str
    """What stands there now; empty when the value stays or is dropped."""


class Observer(Protocol):
    """Is told what was decided, value by value, when a request is through or has failed."""

    def noted(self, note: Note) -> None:
        """Take note of one decision."""


def shown_place(place: str) -> str:
    """Return a place as it may be shown: of a path, only words that are field names are."""
    if not place.startswith("path."):
        return place
    part, *names = place.split(".")
    return ".".join([part, *(name if any(map(is_field_word, words_of(name))) else "*" for name in names)])


def settled(notes: Iterable[Note]) -> Iterator[Note]:
    """Yield the last word on each value: what the self-check did stands in the place of what was before."""
    before: Note | None = None
    for note in notes:
        again = before is not None and note.step is Step.SELF_CHECK
        if before is not None and not (again and (note.place, note.kind) == (before.place, before.kind)):
            yield before
        before = note
    if before is not None:
        yield before
