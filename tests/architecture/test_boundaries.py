from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, package

SHIELD = "src/shadowtap/shield.py"
BROAD = {"Exception", "BaseException"}
REASON = re.compile(r"# noqa: BLE001 - \w.+")


def test_only_the_shield_catches_everything() -> None:
    broad = [
        f"{source.name}:{line}"
        for source in package()
        if source.name != SHIELD
        for line in broad_catches(source)
        if not REASON.search(source.lines[line - 1])
    ]
    assert not broad


def test_only_redaction_makes_redacted_requests() -> None:
    makers = [
        source.name
        for source in package()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and last_name(node.func) == "RedactedRequest"
    ]
    assert not [name for name in makers if not name.startswith("src/shadowtap/redact/")]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("try: f()\nexcept: g()", [2]),
        ("try: f()\nexcept Exception: g()", [2]),
        ("try: f()\nexcept builtins.BaseException as e: g(e)", [2]),
        ("try: f()\nexcept (ValueError, Exception): g()", [2]),
        ("try: f()\nexcept* Exception: g()", [2]),
        ("with contextlib.suppress(Exception): f()", [1]),
        ("try: f()\nexcept ValueError: g()", []),
        ("try: f()\nexcept BaseException:\n    g()\n    raise", []),
    ],
)
def test_a_broad_catch_is_recognised(code: str, lines: list[int]) -> None:
    assert list(broad_catches(Source("code.py", code, ast.parse(code)))) == lines


def broad_catches(source: Source) -> Iterator[int]:
    """Give the lines that catch everything and keep it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            swallows = not isinstance(node.body[-1], ast.Raise)
        elif isinstance(node, ast.Call) and last_name(node.func) == "suppress":
            caught, swallows = list(node.args), True
        else:
            continue
        if swallows and any(kind is None or last_name(kind) in BROAD for kind in caught):
            yield node.lineno


def last_name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
