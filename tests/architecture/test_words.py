from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.sources import code, package, texts

# One letter of each word is in brackets, since this file is searched too.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")
PLACES = {
    "a folder of one machine": re.compile(r"(?<![\w.}])/(?:[r]oot|[h]ome|[w]ork|[U]sers)/\w"),
    "a package index": re.compile(
        r"https?://[^\s\"']*/[s]imple\b|\b(?:index|extra-index|find)-[u]rl\b|\btrusted-[h]ost\b"
        r"|[d]evpi|[a]rtifactory"
    ),
}
VAGUE_MODULES = {"base", "common", "data", "helper", "helpers", "info", "manager", "misc", "util", "utils"}
VAGUE_CLASSES = ("Base", "Data", "Helper", "Info", "Manager", "Util", "Utils")


def test_nothing_waits_to_be_finished() -> None:
    assert not [f"{name}: {m.group()}" for name, text in texts() for m in UNFINISHED.finditer(text)]


@pytest.mark.parametrize("what", PLACES)
def test_the_tree_does_not_name(what: str) -> None:
    assert not [f"{name}: {m.group()}" for name, text in texts() for m in PLACES[what].finditer(text)]


def test_a_module_is_named_after_what_it_does() -> None:
    names = {part for source in code() for part in PurePosixPath(source.name).with_suffix("").parts}
    assert not names & VAGUE_MODULES


def test_a_class_is_named_after_what_it_is() -> None:
    vague = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in package()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE_CLASSES)
    ]
    assert not vague


def test_a_module_says_what_it_is_for() -> None:
    assert not [source.name for source in package() if not ast.get_docstring(source.tree)]
