"""Where a value stands in a request, as rules and explanations name it."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exchange import CapturedRequest
from shadowtap.redact.budget import Budget
from shadowtap.redact.keys import Field
from shadowtap.redact.leaf import LeafRedactor
from shadowtap.redact.nested import Nested
from shadowtap.redact.reading import Reading
from shadowtap.redact.request import RequestRedactor
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import Engine, Walk
from tests.redact.asking import FORM, JSON, KEY, TEXT, captured

VALUE = "a-value-that-is-no-word"


class Nothing:
    """Finds nothing."""

    custom = False
    fewest_digits = 9

    def find(self, text: str, words: frozenset[str] = frozenset()) -> list[object]:
        return []


class Places(Nested):
    """Notes where each value stands that is asked about, with the value."""

    def __init__(self, surrogates: Surrogates) -> None:
        super().__init__(surrogates)
        self.seen: list[tuple[str, str]] = []

    def __call__(self, text: str, field: Field, walk: Walk) -> str | None:
        self.seen.append((walk.place(), text))
        return super().__call__(text, field, walk)


def seen(request: CapturedRequest, keep: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    surrogates = Surrogates(KEY)
    places = Places(surrogates)
    engine = Engine(LeafRedactor(surrogates, Nothing(), Reading(None)), surrogates.keyed, places, 10)
    RequestRedactor(engine, surrogates, Reading(None)).redact(request, keep, Budget(60.0))
    return places.seen


def places(request: CapturedRequest, keep: tuple[str, ...] = ()) -> list[str]:
    return [place for place, text in seen(request, keep) if text == VALUE]


def in_json(body: object) -> list[str]:
    return places(captured(body=json.dumps(body).encode(), content_type=JSON))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (VALUE, "body"),
        ([VALUE], "body"),
        ({"zip": VALUE}, "body.zip"),
        ({"customer": {"address": {"zip": VALUE}}}, "body.customer.address.zip"),
        ({"items": [{"sku": VALUE}]}, "body.items.sku"),
        ({"tags": [[VALUE]]}, "body.tags"),
        ([{"a": [1, {"b": VALUE}]}], "body.a.b"),
        ({"a": {"x": {}}, "b": VALUE}, "body.b"),
        ({"a": [{}, {"x": 1}], "b": VALUE}, "body.b"),
        ({"users": {"bob@x.io": {"plan": VALUE}}}, "body.users.*.plan"),
        ({"": VALUE}, "body."),
        ({"a.b": VALUE}, "body.a.b"),
    ],
)
def test_names_of_objects_lead_to_a_json_value(body: object, place: str) -> None:
    assert in_json(body) == [place]


def test_each_value_of_a_list_has_the_place_of_the_list() -> None:
    assert in_json({"tags": [VALUE, VALUE], "more": {"tags": VALUE}}) == [
        "body.tags",
        "body.tags",
        "body.more.tags",
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("email", "email"),
        ("user[address][zip]", "user.address.zip"),
        ("users[0].phone", "users.phone"),
        ("users[0][1][phone]", "users.phone"),
        ("tags[]", "tags"),
        ("0", "0"),
        ("user[bob@x.io][plan]", "user.*.plan"),
        ("bob%40x.io", "*"),
    ],
)
def test_names_of_forms_and_queries_are_read_in_their_styles(name: str, place: str) -> None:
    assert places(captured(body=f"{name}={VALUE}".encode(), content_type=FORM)) == [f"body.{place}"]
    assert places(captured("GET", query=f"{name}={VALUE}&x=1")) == [f"query.{place}"]


def test_a_value_without_a_name_stands_in_its_part() -> None:
    assert places(captured("GET", query=VALUE)) == ["query"]
    assert places(captured(body=VALUE.encode(), content_type=TEXT)) == ["body"]


@pytest.mark.parametrize(
    ("path", "route", "place"),
    [
        (f"/users/{VALUE}", "/users/{user_id}", "path.user_id"),
        (f"/v1/users/{VALUE}/orders", "/users/<int:user_id>/orders", "path.user_id"),
        (f"/users/{VALUE}", "", "path.users"),
        (f"/{VALUE}", "", "path.*"),
        (f"/users/bob@x.io/{VALUE}", "", "path.*"),
        (f"/users/7/{VALUE}", "", "path.*"),
        (f"/users;id={VALUE}", "", "path.*.id"),
    ],
)
def test_a_segment_has_the_name_of_its_parameter_or_of_the_segment_before(
    path: str, route: str, place: str
) -> None:
    assert places(captured("GET", path=path, route=route)) == [place]


def test_headers_and_cookies_have_their_names() -> None:
    headers = [("X-Customer", VALUE), ("Cookie", f"theme={VALUE}; a=b"), ("X-Other", VALUE)]
    assert places(captured("GET", headers=headers), keep=("cookie",)) == [
        "headers.x-customer",
        "cookies.theme",
        "headers.x-other",
    ]


@pytest.mark.parametrize(
    ("field", "place"),
    [
        (json.dumps({"a": {"b": VALUE}}), "body.payload.a.b"),
        (json.dumps({"inner": json.dumps({"b": VALUE})}), "body.payload.inner.b"),
        (b64encode(json.dumps({"b": VALUE}).encode()).decode(), "body.payload.b"),
        (f"https://x.example/users/{VALUE}", "body.payload.users"),
        (f"https://x.example/users?to={VALUE}", "body.payload.to"),
        (f"https://x.example/users#{VALUE}", "body.payload"),
        (f"%61{VALUE[1:]}", "body.payload"),
    ],
)
def test_what_is_nested_in_a_string_goes_on_from_the_place_of_the_field(field: str, place: str) -> None:
    after = {"payload": field, "next": VALUE}
    assert in_json(after) == [place, "body.next"]


names = st.text(st.characters(codec="utf-8"), max_size=12)
trees = st.recursive(
    st.just(VALUE) | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


def leaves(tree: object, place: str = "body") -> list[str]:
    if isinstance(tree, list):
        return [found for inner in tree for found in leaves(inner, place)]
    if isinstance(tree, dict):
        return [
            found
            for name, inner in tree.items()
            for found in leaves(inner, f"{place}.{name if '@' not in name and not five(name) else '*'}")
        ]
    return [place] if tree == VALUE else []


def five(name: str) -> bool:
    return sum(map(str.isdecimal, name)) >= 5


@given(trees)
def test_any_json_leads_to_the_places_that_its_structure_says(tree: object) -> None:
    assert in_json(tree) == leaves(tree)
