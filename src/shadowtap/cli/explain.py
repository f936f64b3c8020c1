"""What was decided on each value, as lines for people: places, types and lengths, and never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shadowtap.redact.notes import Note

_COLOURS = {"kept": "2", "replaced": "32", "dropped": "33"}
_LONGEST_SURROGATE = 48


class Explanation:
    """The decisions on one request."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def noted(self, note: Note) -> None:
        """Take note of one decision."""
        self.notes.append(note)

    def lines(self, *, colour: bool) -> Iterator[str]:
        """Yield one line for each value, and at the end how many there are of each kind."""
        widest = min(60, max((len(note.place) for note in self.notes), default=0))
        for note in self.notes:
            what = f"{note.kind} {note.length}"
            why = f"{note.step} {note.entity}".rstrip()
            line = f"{printable(note.place):<{widest}}  {what:<11}  {note.done:<8}  {why:<30}"
            if note.surrogate:
                line += f"  {_cut(printable(note.surrogate))}"
            line = line.rstrip()
            yield f"\x1b[{_COLOURS[note.done]}m{line}\x1b[0m" if colour else line
        yield from self._counts()

    def _counts(self) -> Iterator[str]:
        yield f"{len(self.notes)} values"
        for done, number in Counter(note.done for note in self.notes).most_common():
            steps = Counter(str(note.step) for note in self.notes if note.done == done)
            yield f"  {number} {done}: " + ", ".join(f"{n} {step}" for step, n in steps.most_common())


def printable(text: str) -> str:
    """Return a text as a terminal can take it."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SURROGATE else text[: _LONGEST_SURROGATE - 1] + "…"
