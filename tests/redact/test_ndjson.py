from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import NotRedacted, RedactionFailed, UnsupportedBody
from shadowtap.redact import Redactor
from tests.redact.asking import captured

LINES = b"application/x-ndjson"


def redacted(redactor: Redactor, text: str, kind: bytes = LINES) -> str:
    return redactor.redact(captured(body=text.encode(), content_type=kind)).body.decode()


@pytest.mark.parametrize(
    "kind",
    [
        LINES,
        b"application/ndjson; charset=utf-8",
        b"application/jsonl",
        b"application/jsonlines",
        b"application/stream+json",
        b"application/json-seq",
    ],
)
def test_each_line_is_redacted_as_json(redactor: Redactor, kind: bytes) -> None:
    out = redacted(redactor, '{"email":"bob@x.io","n":1.10}\r\n\n[{"first_name":"Patricia"}]\n17\n', kind)
    first, blank, second, number, end = out.split("\n")
    assert first.endswith('.example.com","n":1.10}\r')
    assert (blank, number, end) == ("", "17", "")
    assert json.loads(second)[0]["first_name"] != "Patricia"


def test_a_sequence_keeps_its_record_separators(redactor: Redactor) -> None:
    out = redacted(redactor, '\x1e{"email":"bob@x.io"}\n\x1e{"a":1}\n', b"application/json-seq")
    assert out.startswith('\x1e{"email":"')
    assert out.endswith('.example.com"}\n\x1e{"a":1}\n')


def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor) -> None:
    text = '{"a": 1.10}\n\n \r\n[1 ,2]\n"word"'
    assert redacted(redactor, text) == text


@pytest.mark.parametrize("broken", ['{"a":', "bob@x.io", "{'a':1}", '{"a":1}{"b":2}', "\x1e\x1e1", "\x0b"])
def test_one_broken_line_stops_the_whole(redactor: Redactor, broken: str) -> None:
    with pytest.raises(UnsupportedBody, match="a line is not valid JSON"):
        redacted(redactor, f'{{"email":"bob@x.io"}}\n{broken}\n{{"a":1}}')


def test_very_many_lines_are_too_many(redactor: Redactor) -> None:
    started = time.thread_time()
    with pytest.raises(RedactionFailed, match="more than 20000 values"):
        redacted(redactor, "{}\n" * 300_000)
    assert time.thread_time() - started < 2.0


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.dictionaries(st.sampled_from(["email", "q", "phone"]), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(values, max_size=6))
def test_any_lines_come_out_as_as_many_of_the_same_kinds(redactor: Redactor, lines: list[object]) -> None:
    try:
        out = redacted(redactor, "\n".join(map(json.dumps, lines)))
    except NotRedacted:
        return
    fresh = [json.loads(line) for line in out.split("\n")] if lines else []
    assert [type(value) for value in fresh] == [type(value) for value in lines]
