from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import NotRedacted, RedactionFailed, UnsupportedBody
from shadowtap.redact import Redactor
from tests.redact.asking import captured, redact_json

GRAPHQL = b"application/graphql"

TECHNICAL = [
    "{ user { id name } }",
    "query Q($id: ID!, $n: [Int!]! = [1, 2]) @c(ttl: 60) { u(id: $id) { ...F } } fragment F on U { id }",
    "mutation { a: like(id: 7, on: true, how: ALL, n: null) { ... on Post @skip(if: $x) { id } ... { n } }}",
    'subscription S { added(filter: {tags: ["a" "b"]}) { id } }',
    "\ufeff query Who{me{name,email,phone}}\n",
    'query { node(id: "7c8d263f-b209-4da6-9d61-38e623895858") { id } }',
]


def document(redactor: Redactor, text: str) -> str:
    """Return what becomes of a document as the body."""
    return redactor.redact(captured(body=text.encode(), content_type=GRAPHQL)).body.decode()


def in_json(redactor: Redactor, text: str, key: str = "query") -> str:
    """Return what becomes of a document in JSON."""
    out: str = json.loads(redact_json(redactor, json.dumps({key: text, "variables": {}})))[key]
    return out


def in_query(redactor: Redactor, text: str) -> str:
    query = urlencode({"query": text})
    return dict(parse_qsl(redactor.redact(captured("GET", query=query)).query.decode()))["query"]


@pytest.mark.parametrize("place", [document, in_json, in_query])
@pytest.mark.parametrize("text", TECHNICAL)
def test_a_document_without_personal_data_stays_to_the_byte(
    redactor: Redactor, place: object, text: str
) -> None:
    assert place(redactor, text) == text  # type: ignore[operator]


@pytest.mark.parametrize("place", [document, in_json, in_query])
@pytest.mark.parametrize(
    ("before", "literal", "after"),
    [
        ("{ user(email: ", '"bob@x.io"', ") { name } }"),
        ("{ user(q: ", '"bob@x.io"', ") { name } }"),
        ("mutation { createUser(input: {lastName: ", '"Kowalski"', ", age: 7}) { id } }"),
        ("mutation { pay(card: {number: ", "4111111111111111", "}) { ok } }"),
        ("query Q($email: String = ", '"bob\\u0040x.io"', ") { user(email: $email) { id } }"),
        ("{ send(to: [", '"bob\\u{40}x.io"', '], kind: "sms") { id } }'),
        ("mutation { post(text: ", '"""\n  Kowalski \\""" was here\n"""', ") { id } }"),
        ("{ a ", "# for Kowalski, bob@x.io", "\n b }"),
        ("{ user(id: 1) @log(note: ", '"Kowalski paid"', ") { name } }"),
    ],
)
def test_a_literal_is_decided_upon_by_its_argument_and_the_rest_stays(
    redactor: Redactor, place: object, before: str, literal: str, after: str
) -> None:
    out = place(redactor, before + literal + after)  # type: ignore[operator]
    assert out.startswith(before)
    assert out.endswith(after)
    inner = out[len(before) : -len(after)]
    assert inner != literal
    assert inner[0] == literal[0]
    for word in ("Kowalski", "x.io", "4111111111111111"):
        assert word not in inner


def test_variables_are_ordinary_json(redactor: Redactor) -> None:
    body = {"query": TECHNICAL[0], "variables": {"user": {"name": "Clara"}, "email": "bob@x.io", "n": 7}}
    out = json.loads(redact_json(redactor, json.dumps(body)))
    assert out["query"] == TECHNICAL[0]
    assert out["variables"]["user"]["name"] != "Clara"
    assert out["variables"]["email"].endswith(".example.com")
    assert out["variables"]["n"] == 7


def test_a_batch_is_redacted_operation_by_operation(redactor: Redactor) -> None:
    body = [{"query": text, "variables": {"email": "bob@x.io"}} for text in TECHNICAL]
    out = json.loads(redact_json(redactor, json.dumps(body)))
    assert [one["query"] for one in out] == TECHNICAL
    assert all(one["variables"]["email"].endswith(".example.com") for one in out)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text: str, **more: str) -> dict[str, object]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}, **more}


def test_a_persisted_query_keeps_its_hash(redactor: Redactor) -> None:
    body = json.dumps(persisted(TECHNICAL[0], operationName="Who"))
    assert redact_json(redactor, body) == body


@pytest.mark.parametrize("first", [True, False])
def test_the_hash_of_a_document_that_changed_is_that_of_the_new_one(redactor: Redactor, first: bool) -> None:
    text = '{ user(email: "bob@x.io") { id } }'
    body = {"query": text} | persisted(text) if first else persisted(text, query=text)
    out = json.loads(redact_json(redactor, json.dumps(body)))
    assert "x.io" not in out["query"]
    assert out["extensions"]["persistedQuery"]["sha256Hash"] == sha256(out["query"])


NO_DOCUMENTS = [
    "query the customer Kowalski in Lodz",
    "{Kowalski, Patricia; Lodz}",
    "query { }",
    "{ a(b: ) }",
    "{ a(b: 'Kowalski') }",
    "{ a } Kowalski was here",
    "{ a { b }",
    '{ a(b: "Kowalski) }',
    '{ a(b: "\\q Kowalski") }',
    '{ a(b: "\\u{110000} Kowalski") }',
    "mutation Kowalski",
    "type Kowalski { id: ID }",
    "{ a4111111111111111(b: 1) }",
    "{\u00a0Kowalski\u00a0Lodz }",
]


@pytest.mark.parametrize("text", NO_DOCUMENTS)
def test_what_is_no_document_is_not_sent(redactor: Redactor, text: str) -> None:
    with pytest.raises(UnsupportedBody, match="not a GraphQL document"):
        document(redactor, text)


@pytest.mark.parametrize("text", [text for text in NO_DOCUMENTS if len(re.findall(r"[^\W\d]{2,}", text)) > 1])
def test_what_is_no_document_is_text_elsewhere(redactor: Redactor, text: str) -> None:
    assert "Kowalski" not in in_json(redactor, text)


@pytest.mark.parametrize("key", ["note", "title", "q"])
def test_a_document_counts_only_under_a_name_that_says_so(redactor: Redactor, key: str) -> None:
    assert in_json(redactor, "{ Patricia Kowalski }", key) != "{ Patricia Kowalski }"


def test_json_under_the_name_of_a_document_is_json(redactor: Redactor) -> None:
    out = in_json(redactor, '{"match": {"email": "bob@x.io"}, "size": 1.10}')
    assert out.endswith('.example.com"}, "size": 1.10}')


def test_selections_may_be_64_deep(redactor: Redactor) -> None:
    assert document(redactor, "{a" * 64 + "}" * 64)
    for deep in (
        "{a" * 65 + "}" * 65,
        "{a(b:" + "[" * 70 + "]" * 70 + ")}",
        "{a(b:" + "{c:" * 70 + "1" + "}" * 70 + ")}",
    ):
        with pytest.raises(RedactionFailed, match="nested deeper than 64"):
            document(redactor, deep)


strings = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
literals = st.one_of(
    st.integers().map(str),
    strings.map(json.dumps),
    strings.map(lambda text: '"""' + text.replace('"', "").replace("\\", "") + '"""'),
    st.sampled_from(["$x", "null", "FAST", "[]", '["a" 1.5e3]', '{email: "a@x.io"}']),
)
names = st.sampled_from(["email", "q", "phone", "input", "lastName"])


@given(st.lists(st.tuples(names, literals), min_size=1, max_size=5))
def test_a_redacted_document_is_one_still(redactor: Redactor, arguments: list[tuple[str, str]]) -> None:
    text = "{ a(" + ", ".join(f"{name}: {value}" for name, value in arguments) + ") { b } }"
    try:
        once = document(redactor, text)
    except NotRedacted:
        return
    assert re.sub(r'""".*?"""|"(?:[^"\\]|\\.)*"|-?[0-9.]+', "1", once) == re.sub(
        r'""".*?"""|"(?:[^"\\]|\\.)*"|-?[0-9.]+', "1", text
    )
    document(redactor, once)


@pytest.mark.parametrize(
    "text",
    [
        "{" + "a " * 500_000 + "}",
        "{a" * 300_000,
        "{a(b:" + "[" * 900_000,
        '{a(b:"""' + '"' * 900_000,
        '{a(b:"""' + '\\"""' * 250_000,
        '{a(b:"' + "\\u0040" * 150_000 + '")}',
        "#" * 1_000_000,
        "#\n" * 500_000,
        "{a(" + "b:1 " * 250_000 + ")}",
        "query Q(" + "$a:[[[[A]]]] " * 70_000 + "){a}",
        "query Q($a:" + "[" * 900_000,
        '""' * 500_000,
    ],
)
def test_a_megabyte_that_is_made_to_take_long_ends_soon(redactor: Redactor, text: str) -> None:
    started = time.thread_time()
    with contextlib.suppress(NotRedacted):
        document(redactor, text)
    assert time.thread_time() - started < 3.0
