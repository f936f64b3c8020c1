"""Rules of the user's: which one holds for a place, and what it makes of a value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shadowtap.exceptions import CourierError, RedactionFailed
from shadowtap.redact import Redactor
from shadowtap.redact.rules import fits
from shadowtap.settings import RedactRule, load
from shadowtap.settings.redact_rules import ENTITIES
from tests.redact.asking import (
    FORM,
    KEY,
    captured,
    header_value,
    json_value,
    pair_value,
    query_value,
    redact_form,
    redact_json,
    redact_path,
)

PASSWORD = "correct-horse-7"
BOB = "bob.smith@corp.example"


def ruled(*rules: dict[str, Any], **more: Any) -> Redactor:
    """Return a redactor under rules as they stand in the settings."""
    return Redactor(KEY, timeout=60.0, rules=load(environ={}, redact=list(rules)).redact, **more)


def keep(path: str) -> dict[str, str]:
    return {"path": path, "action": "keep"}


def drop(path: str) -> dict[str, str]:
    return {"path": path, "action": "drop"}


# Actions


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("call +1 212 555 0187 at noon", True),
        (4111111111111111, True),
        (True, True),
        (None, True),
        ("", True),
    ],
)
def test_keep_leaves_a_value_as_it_is(value: object, kept: bool) -> None:
    assert (json_value(ruled(keep("body.note")), "note", value) == value) is kept


@pytest.mark.parametrize(
    ("value", "left"),
    [("anything", ""), ("", ""), (12.5, 0), (-7, 0), (True, False), (False, False), (None, None)],
)
def test_drop_empties_a_value_and_leaves_its_type(value: object, left: object) -> None:
    found = json_value(ruled(drop("body.a")), "a", value)
    assert (found, type(found)) == (left, type(left))


def test_drop_under_a_name_empties_all_values_within() -> None:
    body = {"a": {"b": ["x", 1, {"c": True}], "d": None}, "e": "x"}
    assert json.loads(redact_json(ruled(drop("body.a.**")), json.dumps(body))) == {
        "a": {"b": ["", 0, {"c": False}], "d": None},
        "e": "x",
    }


def test_what_was_dropped_is_not_sent_from_another_place() -> None:
    body = json.dumps({"a": "Plate-B-4711", "b": ["Plate-B-4711"], "n": 1234567.5, "m": 1234567.5})
    found = json.loads(redact_json(ruled(drop("body.a"), drop("body.n")), body))
    assert found["a"] == ""
    assert found["b"] != ["Plate-B-4711"]
    assert found["n"] == 0
    assert found["m"] not in (0, 1234567.5)


def test_a_long_string_that_was_dropped_is_not_sent_from_another_place() -> None:
    file = "A7/b" * 2000
    found = json.loads(redact_json(ruled(drop("body.a")), json.dumps({"a": file, "b": f"{file} x1 "})))
    assert found["a"] == ""
    assert file not in found["b"]


def test_as_gives_a_value_the_surrogate_of_its_kind(redactor: Redactor) -> None:
    found = json_value(ruled({"path": "body.x", "as": "EMAIL_ADDRESS"}), "x", BOB)
    assert found == json_value(redactor, "email", BOB) != BOB
    assert json_value(ruled({"path": "body.x", "as": "PERSONAL_ID"}), "x", 71234) not in (71234, 0)


@given(st.sampled_from(ENTITIES), st.text(min_size=1, max_size=40))
@example("PHONE_NUMBER", "bob 5551234567")
@example("US_SSN", "bob 123-45-6789")
@example("MAC_ADDRESS", "aaaaaaaaaaaaa")
@settings(deadline=None)
def test_as_takes_any_value_and_leaves_no_word_of_it(entity: str, value: str) -> None:
    rule = ruled_once({"path": "body.x", "as": entity})
    found = json_value(rule, "x", value)
    assert isinstance(found, str)
    assert "bob" not in found
    if any(map(str.isalnum, value)):
        assert found != value


_made: dict[str, Redactor] = {}


def ruled_once(rule: dict[str, str]) -> Redactor:
    return _made.setdefault(json.dumps(rule), ruled(rule))


@given(st.sampled_from(ENTITIES), st.from_regex(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?", fullmatch=True))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_as_gives_a_number_for_any_number(entity: str, number: str) -> None:
    found = json.loads(redact_json(ruled_once({"path": "body.x", "as": entity}), f'{{"x":{number}}}'))
    assert isinstance(found["x"], int | float)


def test_only_a_value_of_the_form_gets_a_surrogate_that_keeps_some_of_it() -> None:
    assert fits("PHONE_NUMBER", "+1 212 555 0187")
    assert not fits("PHONE_NUMBER", "bob 212 555 0187")
    assert fits("PERSON", "anything")
    assert fits("US_SSN", "123-45-6789")
    assert not fits("US_SSN", "bob 123-45-6789")


def test_scrub_takes_a_value_word_by_word() -> None:
    found = json_value(ruled({"path": "body.status", "action": "scrub"}), "status", "Pending")
    assert found != "Pending"
    assert (len(found), found.istitle()) == (7, True)
    assert json_value(ruled({"path": "body.n", "action": "scrub"}), "n", 12.5) != 12.5


def test_the_first_rule_that_matches_decides() -> None:
    two = ruled(keep("body.a.note"), drop("body.**"))
    assert json_value(two, "a.note", "kept in full") == "kept in full"
    assert json_value(two, "a.other", "kept in full") == ""


def test_a_value_without_a_rule_is_decided_upon_as_ever(redactor: Redactor) -> None:
    body = json.dumps({"email": BOB, "note": "at noon in Rome", "id": 7, "ok": True, "x": "word"})
    assert redact_json(ruled(keep("query.**")), body) == redact_json(redactor, body)


def test_language_models_are_asked_for_where_none_is() -> None:
    for more in ({"free_text": "ner"}, {"rules": [RedactRule(path="body", action="ner")]}):
        with pytest.raises(CourierError, match="redact_model"):
            Redactor(KEY, **more)  # type: ignore[arg-type]


# Parts


def test_rules_hold_in_every_part() -> None:
    rules = ruled(*(keep(path) for path in ("query.q", "body.q", "headers.x-q", "cookies.q", "path.q")))
    assert query_value(rules, "q", BOB) == BOB
    assert pair_value(redact_form(rules, f"q={BOB}")) == BOB
    assert header_value(rules, "X-Q", BOB) == BOB
    assert redact_path(rules, f"/things/{BOB}", "/things/{q}") == f"/things/{BOB}"
    request = captured("GET", headers=[("Cookie", f"q={BOB}")])
    assert rules.redact(request, keep_headers=("cookie",)).headers == ((b"Cookie", f"q={BOB}".encode()),)


def test_drop_empties_a_pair_and_a_segment_and_leaves_out_a_header() -> None:
    rules = ruled(drop("**.q"))
    assert redact_form(rules, "q=abc&r=1&q=") == "q=&r=1&q="
    assert redact_path(rules, "/things/abc/x", "/things/{q}/x") == "/things/-/x"
    assert header_value(rules, "Q", "abc") is None


def test_a_rule_reaches_technical_headers_and_addresses() -> None:
    rules = ruled({"path": "headers.user-agent", "action": "scrub"}, keep("headers.x-forwarded-for"))
    assert header_value(rules, "User-Agent", "curl/8.0") != "curl/8.0"
    assert header_value(rules, "X-Forwarded-For", "203.0.113.9") == "203.0.113.9"


def test_the_type_of_the_body_has_no_rule() -> None:
    redacted = ruled(drop("**")).redact(captured(body=b"a=1", content_type=FORM))
    assert (redacted.body, redacted.headers) == (b"a=", ((b"Content-Type", FORM),))


@pytest.mark.parametrize("inner", [json.dumps({"email": BOB}), f"https://x.example/?email={BOB}"])
def test_a_rule_for_a_string_comes_before_a_look_into_it(inner: str) -> None:
    assert json_value(ruled(keep("body.p")), "p", inner) == inner
    assert json_value(ruled(drop("body.p")), "p", inner) == ""
    assert BOB not in json_value(ruled(keep("body.p.x")), "p", inner)
    assert BOB in json_value(ruled(keep("body.p.email")), "p", inner)


def test_a_rule_within_a_kept_container_comes_before_the_one_for_the_container() -> None:
    inner = json.dumps({"email": BOB, "a": "x y z"})
    found = json_value(ruled(drop("body.p.email"), keep("body.p")), "p", inner)
    assert json.loads(found) == {"email": "", "a": "x y z"}


# Credentials


@pytest.mark.parametrize("action", ["keep", "scrub"])
def test_weak_rules_do_not_hold_for_a_credential(redactor: Redactor, action: str) -> None:
    rules = ruled({"path": "**", "action": action})
    assert json_value(rules, "password", PASSWORD) == json_value(redactor, "password", PASSWORD)
    assert header_value(rules, "Authorization", f"Bearer {PASSWORD}") is None
    assert header_value(rules, "X-Api-Key", PASSWORD) is None


@pytest.mark.parametrize(
    "inner",
    [json.dumps({"password": PASSWORD}), f"https://bob:{PASSWORD}@x.example/", f"/in?password={PASSWORD}"],
)
def test_a_kept_container_gives_up_the_credentials_in_it(inner: str) -> None:
    assert PASSWORD not in json_value(ruled(keep("body.p")), "p", inner)
    assert json_value(ruled({"path": "body.p", "action": "keep!"}), "p", inner) == inner


def test_keep_with_emphasis_lets_a_credential_through() -> None:
    rules = ruled({"path": "**", "action": "keep!"})
    assert json_value(rules, "password", PASSWORD) == PASSWORD
    assert header_value(rules, "Authorization", f"Bearer {PASSWORD}") == f"Bearer {PASSWORD}"


def test_strong_rules_hold_for_a_credential() -> None:
    rules = ruled({"path": "headers.authorization", "as": "SECRET"}, drop("body.password"))
    sent = header_value(rules, "Authorization", f"Bearer {PASSWORD}")
    assert sent is not None
    assert sent.startswith("Bearer ")
    assert PASSWORD not in sent
    assert json_value(rules, "password", PASSWORD) == ""


def test_a_kept_session_cookie_obeys_a_strong_rule_alone() -> None:
    request = captured("GET", headers=[("Cookie", f"session={PASSWORD}")])

    def cookie(*rules: dict[str, str]) -> bytes:
        return ruled(*rules).redact(request, keep_headers=("cookie",)).headers[0][1]

    assert cookie(keep("cookies.*")) == cookie() == f"session={PASSWORD}".encode()
    assert cookie({"path": "cookies.session", "as": "SECRET"}) != cookie()


# The last check


def test_a_kept_value_gets_the_surrogate_of_what_was_removed_elsewhere() -> None:
    found = json.loads(
        redact_json(ruled(keep("body.memo")), json.dumps({"email": BOB, "memo": f"mail {BOB} now"}))
    )
    assert found["email"] != BOB
    assert found["memo"] == f"mail {found['email']} now"


def test_a_value_kept_with_emphasis_stays_whatever_was_removed_elsewhere() -> None:
    rules = ruled({"path": "body.memo", "action": "keep!"})
    found = json.loads(redact_json(rules, json.dumps({"email": BOB, "memo": f"mail {BOB} now"})))
    assert found["email"] != BOB
    assert found["memo"] == f"mail {BOB} now"


def test_a_name_that_is_an_address_is_replaced_under_any_rule() -> None:
    for action in ("keep", "keep!"):
        rules = ruled({"path": "**", "action": action})
        assert BOB not in redact_json(rules, json.dumps({"by": {BOB: "word"}}))


def test_a_rule_does_not_lift_the_bounds_of_a_request() -> None:
    with pytest.raises(RedactionFailed, match="more than"):
        redact_json(ruled(keep("**")), json.dumps(["x"] * 20_001))


trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


def shape(tree: object) -> object:
    if isinstance(tree, list):
        return [shape(inner) for inner in tree]
    if isinstance(tree, dict):
        return [shape(inner) for inner in tree.values()]
    return type(tree)


@pytest.mark.parametrize(
    "rule", [drop("**"), {"path": "**", "action": "scrub"}, {"path": "**", "as": "PERSON"}]
)
@given(tree=trees)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_has_the_same_shape_under_a_rule(rule: dict[str, str], tree: object) -> None:
    assert shape(json.loads(redact_json(ruled_once(rule), json.dumps(tree)))) == shape(tree)


plain_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("action", ["keep", "keep!"])
@given(tree=plain_trees)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_stays_to_the_byte_where_all_is_kept(action: str, tree: object) -> None:
    text = json.dumps({"a": tree, "n": 1.10})
    assert redact_json(ruled_once({"path": "**", "action": action}), text) == text
