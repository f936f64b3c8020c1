"""The order of decisions: each step against the next one that would decide otherwise."""

from __future__ import annotations

import json

import pytest

from shadowtap.redact import Redactor
from shadowtap.settings import load
from tests.redact.asking import KEY, json_value

CARD = "4111 1111 1111 1111"


def made(*rules: dict[str, str], strict: bool = False) -> Redactor:
    return Redactor(KEY, timeout=60.0, strict=strict, rules=load(environ={}, redact=list(rules)).redact)


def test_a_credential_comes_before_a_rule_that_keeps(redactor: Redactor) -> None:
    rules = made({"path": "body.password", "action": "keep"})
    assert json_value(rules, "password", "hunter2-abc") == json_value(redactor, "password", "hunter2-abc")


def test_an_emphatic_rule_comes_before_a_credential() -> None:
    assert json_value(made({"path": "**", "action": "keep!"}), "password", "hunter2-abc") == "hunter2-abc"


def test_a_rule_comes_before_the_name_of_the_field(redactor: Redactor) -> None:
    rules = made({"path": "body.email", "as": "USERNAME"})
    assert json_value(redactor, "email", "bob@x.io").endswith(".example.com")
    assert not json_value(rules, "email", "bob@x.io").endswith(".example.com")


def test_the_name_of_the_field_comes_before_a_container(redactor: Redactor) -> None:
    inner = json.dumps({"a": "word"})
    assert json.loads(json_value(redactor, "x", inner)) == {"a": "word"}
    assert json_value(redactor, "password", inner) != inner


def test_a_container_comes_before_recognisers(redactor: Redactor) -> None:
    inner = json.dumps({"first_name": "Ann", "pan": CARD})
    found = json.loads(json_value(redactor, "x", inner))
    assert found["first_name"] != "Ann"  # nothing but its name in there tells
    assert found["pan"] != CARD


def test_the_name_of_the_field_comes_before_a_technical_form(redactor: Redactor) -> None:
    assert json_value(redactor, "x", "1990-02-03") == "1990-02-03"
    assert json_value(redactor, "dob", "1990-02-03") != "1990-02-03"


def test_an_unmistakable_form_comes_before_recognisers(redactor: Redactor) -> None:
    number = "41111111-1111-1111-8111-111111111111"
    assert json_value(redactor, "x", number) == number


def test_recognisers_come_before_free_text(redactor: Redactor) -> None:
    text = f"card {CARD}"
    found = json_value(redactor, "x", text)
    assert found.startswith("card 4111 ")  # of which the first four digits stay, as no scrubbing leaves them
    assert found != text


def test_a_technical_form_comes_before_free_text(redactor: Redactor) -> None:
    date = "Wed, 21 Oct 2026 07:28:00 GMT"
    assert json_value(redactor, "x", date) == date
    assert json_value(redactor, "x", "Wed, 21 apples") != "Wed, 21 apples"


def test_free_text_comes_before_strict_mode() -> None:
    normal, strict = made(), made(strict=True)
    assert json_value(normal, "x", "John Smith") == json_value(strict, "x", "John Smith") != "John Smith"
    assert json_value(normal, "x", "John") == "John" != json_value(strict, "x", "John")


@pytest.mark.parametrize("value", ["2026-11-27", "ORDER_CREATED", "42"])
def test_a_technical_form_comes_before_strict_mode(value: str) -> None:
    assert json_value(made(strict=True), "x", value) == value


def test_a_rule_comes_before_strict_mode_and_free_text() -> None:
    rules = made({"path": "body.**", "action": "keep"}, strict=True)
    assert json_value(rules, "x", "John") == "John"
    assert json_value(rules, "x", "John Smith") == "John Smith"


def test_the_last_check_comes_after_all_of_it() -> None:
    body = {"email": "bob.smith@x.io", "memo": "bob.smith@x.io"}
    rules = made({"path": "body.o.memo", "action": "keep"}, strict=True)
    found = json_value(rules, "o", body)
    assert found["memo"] == found["email"] != body["email"]
