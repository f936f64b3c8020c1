from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.redact import Redactor
from tests.redact.asking import FORM, captured, redact_form


@pytest.mark.parametrize(
    "form",
    ["a=1&b=2", "a=1&a=2&=&b=&c", "q=blue+shoe", "q=%7e&r=~", "x=%zz&y=100%", "a=1;b=2", "&&a=1&"],
)
def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor, form: str) -> None:
    form = form.replace("blue+shoe", "shoe+7")
    assert redact_form(redactor, form) == form


def test_order_repeats_and_untouched_pairs_stay(redactor: Redactor) -> None:
    out = redact_form(redactor, "b=2&email=bob%40x.io&a=%7e&email=ann%40x.io&b=3")
    parts = out.split("&")
    assert [part.partition("=")[0] for part in parts] == ["b", "email", "a", "email", "b"]
    assert (parts[0], parts[2], parts[4]) == ("b=2", "a=%7e", "b=3")
    assert "x.io" not in out


def test_spaces_are_written_as_they_were(redactor: Redactor) -> None:
    plus = redact_form(redactor, "name=J%C3%B6rg+M&cc=4111+1111+1111+1111")
    twenty = redact_form(redactor, "name=J%C3%B6rg%20M&cc=4111%201111%201111%201111")
    assert "%20" not in plus
    assert "+" not in twenty
    assert parse_qsl(plus) == parse_qsl(twenty)
    assert dict(parse_qsl(plus))["cc"].startswith("4111 ")


@pytest.mark.parametrize(
    "raw", ["email=bob@x.io", "email=bob%40x.io", "email=BOB%40X.IO", "email=bob%2540x.io"]
)
def test_an_address_is_found_however_it_is_written(redactor: Redactor, raw: str) -> None:
    out = redact_form(redactor, raw)
    assert "x.io" not in out.lower()


@pytest.mark.parametrize(
    "name",
    ["user[email]", "users[0][phone]", "user.phone", "order[shipping][last_name]", "phones[]", "data[2]"],
)
def test_a_name_is_read_in_the_styles_of_php_rails_and_java(redactor: Redactor, name: str) -> None:
    form = f"{quote(name, safe='[].')}=12345678"
    assert (redact_form(redactor, form) == form) is (
        name == "data[2]" or "email" in name or "last_name" in name
    )


def test_a_value_without_a_name_is_a_value(redactor: Redactor) -> None:
    assert "x.io" not in redact_form(redactor, "bob%40x.io")


def test_a_name_that_is_an_address_is_replaced(redactor: Redactor) -> None:
    out = redact_form(redactor, "bob%40x.io=1")
    assert "x.io" not in out
    assert out.endswith("=1")


def test_json_in_a_value_is_redacted_as_json(redactor: Redactor) -> None:
    out = redact_form(redactor, urlencode({"filter": '{"email":"bob@x.io","page":2}'}))
    assert dict(parse_qsl(out))["filter"].endswith('.example.com","page":2}')


def test_json_sent_as_a_form_is_redacted_as_json(redactor: Redactor) -> None:
    out = redact_form(redactor, '{"first_name":"Patricia","a":"b=c"}')
    assert "Patricia" not in out
    assert out.endswith('"a":"b=c"}')


def test_what_does_not_read_as_pairs_is_not_sent(redactor: Redactor) -> None:
    with pytest.raises(UnsupportedBody, match="body: not a form"):
        redact_form(redactor, '{"first_name":"Patricia&Ann"')


@pytest.mark.parametrize("form", [b"name=J%F6rg", b"name=%D0%A1%FF", b"name=J\xf6rg"])
def test_a_form_that_is_not_utf_8_is_not_sent(redactor: Redactor, form: bytes) -> None:
    with pytest.raises(UnsupportedBody):
        redactor.redact(captured(body=form, content_type=FORM))


def test_a_query_that_is_not_utf_8_is_not_sent(redactor: Redactor) -> None:
    with pytest.raises(RedactionFailed, match="query"):
        redactor.redact(captured("GET", query="name=J%F6rg"))


pairs = st.lists(
    st.tuples(st.sampled_from(["email", "q", "phone", "x[y]"]), st.text(max_size=20)), max_size=6
)


@given(pairs)
def test_any_form_comes_out_with_the_same_names_in_the_same_order(
    redactor: Redactor, fields: list[tuple[str, str]]
) -> None:
    form = urlencode(fields)
    try:
        out = redact_form(redactor, form)
    except (RedactionFailed, UnsupportedBody):
        return
    assert [name for name, _ in parse_qsl(out, keep_blank_values=True)] == [name for name, _ in fields]
