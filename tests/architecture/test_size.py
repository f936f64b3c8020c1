from __future__ import annotations

import ast

from tests.architecture.sources import code

MAX_FILE = 300
MAX_TEST_FILE = 350
"""Tables of cases are longer than code, and are read by the line."""
MAX_FUNCTION = 50


def test_a_file_has_at_most_300_lines() -> None:
    limits = {s: MAX_TEST_FILE if s.name.startswith("tests/") else MAX_FILE for s in code()}
    assert not [f"{s.name}: {len(s.lines)}" for s, limit in limits.items() if len(s.lines) > limit]


def test_a_function_has_at_most_50_lines() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}: {length(node)}"
        for source in code()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > MAX_FUNCTION
    ]
    assert not long


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
