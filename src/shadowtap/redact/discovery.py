"""What there is in the traffic and what was decided on it: counts and types by place, and never a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shadowtap.redact.notes import Done, Kind, Note, Step

MAX_ROWS = 10_000
"""Of counts that are kept; what comes after is counted together."""

_DIGIT = re.compile("[0-9]")
_ID = re.compile(r"(?<=\.)(?:[0-9]+|(?=[a-f]{0,32}[0-9])[0-9a-fA-F]{8,64})(?=\.|$)")


class Row(NamedTuple):
    """What was seen at one place, and what was done."""

    place: str
    kind: Kind
    done: Done
    step: Step
    entity: str

    @property
    def unrecognised(self) -> bool:
        """A text stays because nobody took it for anything: the place to look at first."""
        return self.step is Step.NOBODY and self.kind == "string"


class Discovery:
    """Counts decisions by place. An ``Observer``: cheap enough and bounded for use on live traffic."""

    def __init__(self, most: int = MAX_ROWS) -> None:
        self._most = most
        self._counts: dict[Row, int] = {}
        self.beyond = 0
        """Values that found no row any more."""

    def noted(self, note: Note) -> None:
        """Count one decision."""
        place = _ID.sub("*", note.place) if _DIGIT.search(note.place) else note.place
        row = Row(place, note.kind, note.done, note.step, note.entity)
        number = self._counts.get(row, 0)
        if number or len(self._counts) < self._most:
            self._counts[row] = number + 1
        else:
            self.beyond += 1

    def rows(self) -> Iterator[tuple[Row, int]]:
        """Yield what was counted, texts that nobody recognised first, and then by number and place."""
        yield from sorted(
            self._counts.items(), key=lambda item: (not item[0].unrecognised, -item[1], item[0].place)
        )
