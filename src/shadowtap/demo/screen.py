"""How the demo prints: headings, two columns, promises kept and broken."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import unicodedata


class Screen:
    """Prints to standard output and remembers whether a promise was broken."""

    def __init__(self) -> None:
        self._colour = sys.stdout.isatty()
        self._width = min(shutil.get_terminal_size((120, 40)).columns, 140)
        self.broken = 0

    def heading(self, text: str) -> None:
        """Print a heading."""
        print(f"\n{self._painted(text, '1')}\n{'─' * min(len(text), self._width)}")

    def say(self, text: str) -> None:
        """Print a paragraph."""
        print(textwrap.fill(text, self._width))

    def block(self, lines: list[str]) -> None:
        """Print lines as they are."""
        print("\n".join(lines))

    def columns(self, left: list[str], right: list[str]) -> None:
        """Print two lists of lines side by side."""
        half = (self._width - 3) // 2
        left = [part for line in left for part in _cut(line, half)]
        right = [part for line in right for part in _cut(line, half)]
        for number in range(max(len(left), len(right))):
            one = left[number] if number < len(left) else ""
            other = right[number] if number < len(right) else ""
            print(f"{one}{' ' * (half - _columns(one))} │ {other}")
        print()

    def promise(self, text: str, *, kept: bool) -> None:
        """Print whether a promise held."""
        self.broken += not kept
        print(f"{self._painted('✓', '32') if kept else self._painted('✗', '31')} {text}")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def _columns(text: str) -> int:
    """Return how many columns a terminal needs for a text: characters of East Asia take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _cut(line: str, width: int) -> list[str]:
    parts, part, used = [], "", 0
    for character in line:
        need = _columns(character)
        if used + need > width:
            parts.append(part)
            part, used = "", 0
        part += character
        used += need
    return [*parts, part]


def pretty(body: str) -> list[str]:
    """Return a body as lines: the members of a JSON object, one each."""
    try:
        value = json.loads(body)
    except ValueError:
        return [body] if body else []
    return [f"  {key}: {json.dumps(item, ensure_ascii=False)}" for key, item in value.items()]
