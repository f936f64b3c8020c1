from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.cli import csv_text
from shadowtap.cli.csv_text import delimiter_of, field_of, records, value_of
from shadowtap.cli.source import InputError

# Not all releases of the standard library quote a lone carriage return.
VALUES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r") | st.sampled_from('",;\n\t |'),
    max_size=12,
)
ROWS = st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=4)


def lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


@given(ROWS, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.sampled_from([0, 1]))
def test_it_reads_what_the_standard_library_writes_and_gives_it_back_to_the_byte(
    rows: list[list[str]], delimiter: str, ending: str, quoting: int
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    text = out.getvalue()
    found = list(records(lines(text), delimiter))
    assert [[value_of(field) for field in record.fields] for record in found] == rows
    assert "".join(delimiter.join(record.fields) + record.ending for record in found) == text


@given(VALUES, st.sampled_from(["x", '"x"', '""', ""]), st.sampled_from(",;\t|"))
def test_a_new_value_is_quoted_where_it_must_be_or_the_old_one_was(
    value: str, field: str, delimiter: str
) -> None:
    fresh = field_of(value, field, delimiter)
    assert value_of(fresh) == value
    assert fresh.startswith('"') or not field.startswith('"')
    (record,) = records([fresh], delimiter)
    assert record.fields == [fresh]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("a,b", ","),
        ("a;b", ";"),
        ("a\tb,c\td", "\t"),
        ("a|b", "|"),
        ("a", ","),
        ('"a,b,c";d', ";"),
        ("", ","),
    ],
)
def test_the_header_tells_the_delimiter(header: str, delimiter: str) -> None:
    assert delimiter_of(header) == delimiter


def test_a_field_that_goes_on_after_its_quote_is_an_error() -> None:
    with pytest.raises(InputError, match="line 2: a field goes on after its closing quote"):
        list(records(["a,b\n", '"x"y,z\n'], ","))


def test_a_quote_that_is_never_closed_is_an_error_and_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match="line 2: the text ends within quotes"):
        list(records(['"a\n', "b\n"], ","))
    monkeypatch.setattr(csv_text, "MAX_RECORD", 10)
    with pytest.raises(InputError, match="is a quote missing"):
        list(records(['"a\n', *["bbbb\n"] * 9], ","))
