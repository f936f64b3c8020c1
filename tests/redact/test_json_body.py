from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.redact import Redactor
from shadowtap.redact.recognisers import emails, ibans
from shadowtap.redact.surrogates.payment import luhn_valid
from tests.redact.asking import json_value, redact_json


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.10,"b":1e5,"c":-0,"d":123456789012345678901234567890,"e":1E-7}',
        '{ "a" : [ 1 ,\t2 ], "b" : null,\r\n "c" : true }',
        '{"a":"caf\\u00e9","b":"line\\n7","c":"\\/","d":"\\ud83d\\ude00"}',
        '{"phone":null,"email":false,"dob":""}',
        '{"lone":"\\ud800"}',
        "[]",
        '"word"',
        "17",
        "null",
        '{"":{"":[]}}',
    ],
)
def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor, text: str) -> None:
    assert redact_json(redactor, text) == text


def test_everything_around_a_changed_value_stays_to_the_byte(redactor: Redactor) -> None:
    out = redact_json(redactor, '{ "n" : 1.10, "email":\t"bob@x.io" ,"z":1e5}')
    assert re.fullmatch(r'\{ "n" : 1\.10, "email":\t"[^"]+@[^"]+" ,"z":1e5\}', out)


def test_both_of_two_values_under_the_same_name_are_redacted(redactor: Redactor) -> None:
    out = redact_json(redactor, '{"email":"a@x.io","email":"b@x.io"}')
    pairs = json.loads(out, object_pairs_hook=list)
    assert [name for name, _ in pairs] == ["email", "email"]
    assert "x.io" not in out
    assert pairs[0][1] != pairs[1][1]


def test_a_card_number_that_is_an_integer_stays_a_valid_one(redactor: Redactor) -> None:
    value = json_value(redactor, "card_number", 4111111111111111)
    assert isinstance(value, int)
    assert str(value).startswith("4111")
    assert value != 4111111111111111
    assert luhn_valid(str(value))


@pytest.mark.parametrize("value", [536904399, 100000001, 999999999])
def test_an_integer_keeps_its_number_of_digits(redactor: Redactor, value: int) -> None:
    out = json_value(redactor, "ssn", value)
    assert isinstance(out, int)
    assert out != value
    assert len(str(out)) == 9


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("phone", 2125550187),
        ("phone", 13912345678),
        ("cvv", 123),
        ("pin", 4711),
        ("zip", 94105),
        ("dob", 19850307),
        ("account_number", 12345678),
        ("lat", 48.775846),
        ("location.lng", -9.1829),
        ("x", 4111111111111111),
        ("x", 13912345678),
        ("x", 440308199901101512),
    ],
)
def test_a_personal_number_becomes_another_number_of_its_kind(
    redactor: Redactor, path: str, value: float
) -> None:
    out = json_value(redactor, path, value)
    assert type(out) is type(value)
    assert out != value
    assert len(str(out)) == len(str(value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", 17),
        ("created", 1700000000),
        ("created_ms", 1700000000000),
        ("price", 1299.0),
        ("user_id", 88123),
        ("tweet_id", 1789012345678901234),
        ("usage.total_tokens", 4096),
        ("max_tokens", 256),
        ("name", 5),
        ("email", 0),
    ],
)
def test_a_number_that_is_nobodys_stays(redactor: Redactor, path: str, value: float) -> None:
    assert json_value(redactor, path, value) == value


def test_an_address_written_with_escapes_is_found(redactor: Redactor) -> None:
    out = redact_json(redactor, '{"q":"bob\\u0040x.io"}')
    assert "x.io" not in out
    assert "@" in json.loads(out)["q"]


def test_a_name_that_is_an_address_is_replaced_as_the_address_is(redactor: Redactor) -> None:
    out = json.loads(redact_json(redactor, '{"bob@x.io":{"to":"bob@x.io"}}'))
    ((name, inner),) = out.items()
    assert name == inner["to"] != "bob@x.io"


def test_a_name_that_is_a_card_number_is_replaced(redactor: Redactor) -> None:
    assert "4111111111111111" not in redact_json(redactor, '{"4111111111111111":true}')


def test_a_list_holds_what_its_name_says(redactor: Redactor) -> None:
    out = json.loads(redact_json(redactor, '{"first_names":["Ann","Bea"],"sizes":["Ann"]}'))
    assert "Ann" not in out["first_names"]
    assert out["sizes"] == ["Ann"]


@pytest.mark.parametrize("key", ["title", "notes_private", "subject", "label", "comment_position", "reason"])
def test_text_of_several_words_is_scrubbed_under_any_name_that_is_no_enumeration(
    redactor: Redactor, key: str
) -> None:
    assert "Desrosiers" not in json_value(redactor, key, "Interview with Patricia Desrosiers")


@pytest.mark.parametrize(
    ("path", "value"),
    [("status", "In Progress"), ("country", "United States"), ("product.name", "Madison Sofa")],
)
def test_a_label_of_an_enumeration_stays(redactor: Redactor, path: str, value: str) -> None:
    assert json_value(redactor, path, value) == value
    assert json_value(redactor, path, f"{value} of Patricia Desrosiers, who called at noon") != value


def test_the_root_of_a_path_tells_whose_name_a_name_is(redactor: Redactor) -> None:
    assert json.loads(redact_json(redactor, '{"name":"Clara"}', path="/v1/customers")) != {"name": "Clara"}
    assert json.loads(redact_json(redactor, '{"name":"Clara"}', path="/v1/products")) == {"name": "Clara"}


def test_characters_are_written_as_the_client_writes_them(redactor: Redactor) -> None:
    assert "\\u" in redact_json(redactor, '{"name":"J\\u00f6rg 王小明"}')
    assert "\\u" not in redact_json(redactor, '{"name":"Jörg 王小明"}')


def test_a_byte_order_mark_is_no_hiding_place(redactor: Redactor) -> None:
    out = redact_json(redactor, '\ufeff{"email":"bob@x.io"}')
    assert out.startswith('\ufeff{"email":"')
    assert "x.io" not in out


@pytest.mark.parametrize(
    "text",
    [
        "{",
        " ",
        "{'a':1}",
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":1}{"b":2}',
        '{"a":01}',
        '{"a":"\t"}',
        "email=bob%40x.io&{",
        '{"a":1}\n{"b":2}',
        "\ufeff\ufeff{}",
    ],
)
def test_what_is_not_json_is_not_sent(redactor: Redactor, text: str) -> None:
    with pytest.raises(UnsupportedBody, match="body: not valid JSON"):
        redact_json(redactor, text)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_json_in_another_character_set_is_not_sent(redactor: Redactor, codec: str) -> None:
    with pytest.raises(UnsupportedBody):
        redact_json(redactor, '{"name":"Jörg"}'.encode(codec))


def test_sixty_four_levels_are_read_and_one_more_is_not(redactor: Redactor) -> None:
    assert redact_json(redactor, "[" * 64 + "]" * 64) == "[" * 64 + "]" * 64
    with pytest.raises(RedactionFailed, match="nested deeper than 64 levels"):
        redact_json(redactor, "[" * 65 + "]" * 65)


@pytest.mark.parametrize("depth", [5000, 200_000])
def test_thousands_of_levels_are_refused(redactor: Redactor, depth: int) -> None:
    with pytest.raises(RedactionFailed):
        redact_json(redactor, "[" * depth + "]" * depth)


def test_a_body_of_very_many_values_is_refused(redactor: Redactor) -> None:
    with pytest.raises(RedactionFailed, match="more than 20000 values"):
        redact_json(redactor, json.dumps({f"key{n}": n for n in range(100_000)}))


CANARIES = {
    "email": "canary.vogel@leak.example.org",
    "phone": "+4915112345678",
    "iban": "DE89370400440532013000",
    "card": "4539578763621486",
    "note": "Zacharias Kanarienvogel was here",
    "ip": "198.51.100.77",
}
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
)
canary_objects = st.sampled_from(sorted(CANARIES)).map(lambda name: {name: CANARIES[name]})
bodies = st.recursive(
    scalars | canary_objects | st.sampled_from(sorted(CANARIES.values())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def shape(value: Any) -> Any:
    """Return a value's structure: types, lengths of lists, numbers of names."""
    if isinstance(value, dict):
        return [shape(inner) for inner in value.values()]
    if isinstance(value, list):
        return ["list", *map(shape, value)]
    return type(value).__name__


@given(bodies, st.booleans())
@settings(max_examples=150)
def test_any_body_comes_out_in_the_same_shape_and_without_canaries(
    redactor: Redactor, body: Any, escaped: bool
) -> None:
    text = json.dumps(body, ensure_ascii=escaped)
    try:
        out = redact_json(redactor, text.encode("utf-8", "surrogatepass"))
    except (UnsupportedBody, RedactionFailed):
        return
    assert shape(json.loads(out)) == shape(body)
    seen = out.encode().decode("unicode_escape") if escaped else out
    assert not [value for value in CANARIES.values() if value in seen or value in out]


@given(st.emails())
def test_any_address_comes_out_as_an_address(redactor: Redactor, address: str) -> None:
    out = json_value(redactor, "email", address)
    assert out != address
    assert list(emails(out)) == [(0, len(out))]


def test_an_iban_comes_out_as_an_iban(redactor: Redactor) -> None:
    out = json_value(redactor, "x", "GB29 NWBK 6016 1331 9268 19")
    assert out.startswith("GB")
    assert list(ibans(out)) == [(0, len(out))]
