"""Globs over places."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shadowtap.redact.rules import compiled, matches


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("body.zip", "body.zip", "body.zip.a"),
        ("body.zip", "BODY.Zip", "query.zip"),
        ("body.*", "body.zip", "body"),
        ("body.*.zip", "body.a.zip", "body.a.b.zip"),
        ("*.zip", "query.zip", "query.a.zip"),
        ("**.zip", "body.a.b.zip", "body.zipper"),
        ("body.**", "body", "query"),
        ("body.**", "body.a.b", "bodyguard"),
        ("body.**.zip", "body.zip", "body.zip.code"),
        ("body.a.**.b.**.c", "body.a.x.b.b.c", "body.a.x.c.b"),
        ("body.**.a.b.**", "body.a.a.b", "body.a.x.b"),
        ("body.ship*", "body.shipping", "body.ship.a"),
        ("body.*_id", "body.user_id", "body.id"),
        ("body.a*b*c", "body.axbbyc", "body.axc"),
        ("body.a+(b", "body.a+(b", "body.aab"),
        ("body.straße", "body.STRAßE", "body.strasse"),
    ],
)
def test_a_glob_matches_names_and_not_characters(glob: str, yes: str, no: str) -> None:
    assert matches(compiled(glob), yes)
    assert not matches(compiled(glob), no)


def by_the_book(glob: list[str], names: list[str]) -> bool:
    """Tell in the plainest way whether names match the names of a glob."""
    if not glob:
        return not names
    if glob[0] == "**":
        return any(by_the_book(glob[1:], names[start:]) for start in range(len(names) + 1))
    return bool(names) and in_name(glob[0], names[0]) and by_the_book(glob[1:], names[1:])


def in_name(glob: str, name: str) -> bool:
    if not glob:
        return not name
    if glob[0] == "*":
        return any(in_name(glob[1:], name[start:]) for start in range(len(name) + 1))
    return name[:1] == glob[0] and in_name(glob[1:], name[1:])


name_globs = st.sampled_from(["**", "*", "a", "b", "ab", "a*", "*b", "a*b", "*a*", "*b*a", ""])
names = st.lists(st.text("ab\n", max_size=4), min_size=1, max_size=6)


@settings(max_examples=500)
@given(st.lists(name_globs, min_size=1, max_size=6), names)
@example(["**", "a", "**", "a"], ["a"])
@example(["**", "a*", "b", "**"], ["aa", "ab", "b"])
def test_a_glob_matches_as_the_book_says(glob: list[str], place: list[str]) -> None:
    found = matches(compiled(".".join(glob)), ".".join(place))
    assert found is by_the_book(glob, place)


@pytest.mark.parametrize("glob", ["**.a.**.a.**.a.**.a.**.b", "**.*a*a*a*a*a*a*b.**", "body.**.**.**.**.x"])
def test_a_hostile_place_costs_no_more_than_its_length(glob: str) -> None:
    pattern, place = compiled(glob), "body" + ".a" * 2000 + "." + "a" * 2000
    start = time.perf_counter()
    assert not matches(pattern, place)
    assert time.perf_counter() - start < 0.5
