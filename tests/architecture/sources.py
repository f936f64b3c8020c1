"""The tree as the tests of its architecture see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shadowtap"
CODE = ("src", "tests", "examples", "benchmarks")
PAGES = (".ci", ".github", "docs")
CACHES = re.compile(r"/(\.|__pycache__/)")
AT_THE_TOP = ("*.md", "*.toml", "*.ini", ".gitignore")


class Source(NamedTuple):
    """A Python file: where it is, what it says, and what that means."""

    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@cache
def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def package() -> Iterator[Source]:
    yield from map(read, sorted(PACKAGE.rglob("*.py")))


def code() -> Iterator[Source]:
    for folder in CODE:
        yield from map(read, sorted((ROOT / folder).rglob("*.py")))


def texts() -> Iterator[tuple[str, str]]:
    """Give every file that a person wrote, as its name and its text."""
    for source in code():
        yield source.name, source.text
    written = {path for pattern in AT_THE_TOP for path in ROOT.glob(pattern)}
    written |= {path for folder in (*CODE, *PAGES) for path in (ROOT / folder).rglob("*") if path.is_file()}
    for path in sorted(written):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix != ".py" and not CACHES.search(name):
            yield name, path.read_text(encoding="utf-8", errors="replace")
