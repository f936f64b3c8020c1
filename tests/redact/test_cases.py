"""A table of fields and values, in each part of a request where they can stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shadowtap.redact import Redactor
from tests.redact.asking import form_value, header_value, json_value, query_value

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
IDS = [f"{case['path']}={case['value'][:20]}" for case in CASES]


def verdict(case: dict[str, Any], out: str) -> bool:
    if case["expect"] == "kept":
        return out == case["value"]
    if case["expect"] == "parts":
        return not any(part in out for part in case["vanish"])
    return out != case["value"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_json_value_is_decided_upon_as_its_field_and_form_say(
    redactor: Redactor, case: dict[str, Any]
) -> None:
    out = json_value(redactor, case["path"], case["value"])
    assert verdict(case, out), out


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_form_value_is_decided_upon_like_a_json_value(redactor: Redactor, case: dict[str, Any]) -> None:
    out = form_value(redactor, case["path"], case["value"])
    assert verdict(case, out), out


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_query_value_is_decided_upon_like_a_json_value(redactor: Redactor, case: dict[str, Any]) -> None:
    out = query_value(redactor, case["path"], case["value"])
    assert verdict(case, out), out


FLAT = [
    case for case in CASES if "\n" not in case["value"] and case["path"].isascii() and "." not in case["path"]
]


@pytest.mark.parametrize("case", FLAT, ids=lambda case: f"{case['path']}={case['value'][:20]}")
def test_a_header_value_is_decided_upon_like_a_json_value_or_dropped(
    redactor: Redactor, case: dict[str, Any]
) -> None:
    out = header_value(redactor, "X-" + case["path"].removeprefix("x-").replace("_", "-"), case["value"])
    assert out is None or verdict(case, out), out
