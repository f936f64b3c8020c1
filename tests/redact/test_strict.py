"""Strict mode: a word that nobody recognised is scrubbed, what has a technical form is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowtap.redact import Redactor
from shadowtap.redact.strict import is_nobodys
from shadowtap.settings import RedactRule
from tests.redact.asking import (
    KEY,
    captured,
    form_value,
    header_value,
    json_value,
    query_value,
    redact_json,
    redact_path,
)


@pytest.fixture(scope="module")
def strict() -> Redactor:
    return Redactor(KEY, timeout=60.0, strict=True)


WORDS = [
    "John", "john", "SMITH", "pending", "Zoë", "O'Neill", "Иван", "john_smith", "john.smith", "john-smith",
    "John,Smith", "JSmith42", "AB-1234", "C01X00T47", "12345678", "1968-1", "SKU_1a", "Straße", "ann", "BOB",
]  # fmt: skip
FORMS = [
    "", "7", "m", "DE", "true", "No", "null", "42", "129.95", "-3", "50%", "v2", "1.2.3", "v1.4.0-rc1",
    "7c8d263f-b209-4da6-9d61-38e623895858", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "a1b2c3d", "DEADBEEF01",
    "2026-11-27", "2026-11-27T16:00:00Z", "16:30", "PT15M", "P1Y2M3DT4H", "en-US", "zh-Hant-TW", "pt_BR",
    "ORDER_CREATED", "HTTP_404", "#fff", "#1a2b3c", "application/json", "Europe/Berlin", "cus_NffrFeUfNV2Hib",
    "d41d8cd98f00b204e9800998ecf8427e", "3.14159265",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_nobody_recognised_is_scrubbed(strict: Redactor, redactor: Redactor, word: str) -> None:
    found = json_value(strict, "x", word)
    assert found != word
    assert len(found) == len(word)
    assert json_value(redactor, "x", word) == word
    assert query_value(strict, "x", word) == form_value(strict, "x", word) == found


@pytest.mark.parametrize("form", FORMS)
def test_what_has_a_technical_form_stays(strict: Redactor, form: str) -> None:
    assert json_value(strict, "x", form) == form
    assert query_value(strict, "x", form) == form


@pytest.mark.parametrize("value", [True, False, None, 7, -12.5, 1718000000, 12345678.25])
def test_what_is_no_string_stays(strict: Redactor, value: object) -> None:
    assert json_value(strict, "x", value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "pending"),
        ("type", "Gift"),
        ("country", "Germany"),
        ("currency", "EUR"),
        ("user.role", "admin"),
    ],
)
def test_a_value_from_a_short_list_stays_under_a_name_that_says_so(
    strict: Redactor, name: str, value: str
) -> None:
    assert json_value(strict, name, value) == value


def test_a_rule_keeps_what_strict_mode_would_take() -> None:
    rules = (RedactRule(path="body.stage", action="keep"),)
    made = Redactor(KEY, timeout=60.0, strict=True, rules=rules)
    assert json_value(made, "stage", "Harvest") == "Harvest"
    assert json_value(made, "other", "Harvest") != "Harvest"


def test_what_a_name_or_a_recogniser_knows_is_replaced_as_ever(strict: Redactor, redactor: Redactor) -> None:
    for name, value in [
        ("email", "bob@x.io"),
        ("x", "4111111111111111"),
        ("last_name", "Smith"),
        ("x", "1 2 a b"),
    ]:
        assert json_value(strict, name, value) == json_value(redactor, name, value)


def test_what_stands_beside_a_finding_is_scrubbed_too(strict: Redactor, redactor: Redactor) -> None:
    assert json_value(redactor, "x", "john/bob@corp.example").startswith("john/")
    assert not json_value(strict, "x", "john/bob@corp.example").startswith("john/")


def test_the_same_word_is_the_same_everywhere(strict: Redactor) -> None:
    found = json.loads(redact_json(strict, '{"a": "Johnson", "b": ["Johnson"]}'))
    assert found["a"] == found["b"][0]
    assert query_value(strict, "q", "Johnson") == found["a"]


def test_technical_headers_stay(strict: Redactor) -> None:
    assert header_value(strict, "Accept-Language", "en-US,en;q=0.9") == "en-US,en;q=0.9"
    assert header_value(strict, "User-Agent", "widgets/1.0") == "widgets/1.0"


def test_a_segment_stays_unless_a_template_names_it(strict: Redactor) -> None:
    assert redact_path(strict, "/api/v1/widgets/john") == "/api/v1/widgets/john"
    found = redact_path(strict, "/api/v1/widgets/john", "/api/v1/widgets/{ref}")
    assert found.startswith("/api/v1/widgets/")
    assert not found.endswith("john")


def test_a_field_and_a_segment_of_one_word_are_not_taken_for_each_other(strict: Redactor) -> None:
    request = captured(
        path="/x/johnson", body=b'{"segment": "johnson", "path": "johnson"}', content_type=b"application/json"
    )
    redacted = strict.redact(request)
    assert redacted.path == b"/x/johnson"
    assert b"johnson" not in redacted.body


def test_a_word_that_strict_mode_took_is_not_taken_out_of_names(strict: Redactor) -> None:
    found = json.loads(redact_json(strict, '{"method": "Express", "x": "Express", "isExpress": true}'))
    assert "isExpress" in found
    assert found["x"] != "Express"


@given(st.from_regex(r"[A-Z][a-z]{2,14}|[A-Z]{3,15}|[a-z]{3,15}", fullmatch=True))
def test_no_word_of_letters_has_a_technical_form(word: str) -> None:
    assert not is_nobodys(word) or word.lower() in {
        "true",
        "false",
        "null",
        "none",
        "undefined",
        "yes",
        "off",
    }


@given(st.text(min_size=3, max_size=30))
@settings(deadline=None)
def test_any_string_stays_a_string_and_no_error(strict: Redactor, text: str) -> None:
    found = json_value(strict, "x", text)
    assert isinstance(found, str)
    assert bool(found) == bool(text)


@pytest.mark.parametrize("text", ["a" * 100_000, "A_" * 50_000, "1." * 50_000, "P1Y" * 30_000, "a1" * 50_000])
def test_a_hostile_word_costs_nothing(text: str) -> None:
    assert not is_nobodys(text)
    assert not is_nobodys(text[:127] + "!")
