"""The labelled corpus of the recall benchmark."""

from __future__ import annotations

import random

import pytest

from benchmarks.harness.corpus.fields import KINDS, is_held_out
from benchmarks.harness.corpus.persons import LOCALES
from benchmarks.harness.corpus.styles import named, written
from benchmarks.harness.corpus.technical import CATEGORIES
from benchmarks.harness.corpus.texts import text
from benchmarks.harness.corpus.trial import Corpus, Tally, Trial
from benchmarks.harness.parts import PARTS, Clock, shares
from shadowtap.redact import Redactor
from tests.redact.asking import JSON, KEY, captured


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(KEY, timeout=60.0)


def test_it_has_many_places_kinds_and_forms() -> None:
    assert len(LOCALES) >= 20
    assert len(KINDS) >= 35
    assert len(CATEGORIES) >= 35


def test_a_part_of_the_names_is_held_out() -> None:
    names = [name for kind in KINDS for name in kind.names]
    assert 0.2 < sum(map(is_held_out, names)) / len(names) < 0.45


def test_the_same_seed_makes_the_same_values() -> None:
    one, other = ([kind.make(random.Random(7), LOCALES[4]) for kind in KINDS] for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("camel", "dateOfBirth"),
        ("kebab", "date-of-birth"),
        ("constant", "DATE_OF_BIRTH"),
        ("pascal", "DateOfBirth"),
        ("joined", "dateofbirth"),
    ],
)
def test_names_are_written_in_many_styles(style: str, name: str) -> None:
    assert written(["date", "of", "birth"], style) == name


def test_fields_stand_in_forms_and_objects() -> None:
    chance = random.Random(1)
    made = [named(chance, "email") for _ in range(200)]
    assert any(one.form.endswith("]") for one in made)
    assert {len(one.keys) for one in made} == {0, 1, 2}


def test_a_text_holds_what_must_not_be_left_of_it() -> None:
    chance = random.Random(1)
    for _ in range(100):
        value, parts = text(chance)
        assert parts
        assert all(part in value for part in parts.values())


def test_every_value_is_put_to_the_redactor_once_a_round(redactor: Redactor) -> None:
    tally = Tally()
    for trial in Corpus(redactor, 1).trials(1):
        tally.add(trial)
    names = sum(len(kind.names) for kind in KINDS)
    asked = sum(sum(tally.seen[question].values()) for question in ("telling", "held out"))
    assert asked == names
    assert tally.share("telling") >= 0.99
    assert tally.share("any name") == 1.0
    assert tally.share("technical") >= 0.98


def test_what_was_missed_is_counted() -> None:
    tally = Tally()
    for good in (True, True, False, True):
        tally.add(Trial("telling", "email", "email", "email", "a", "b", good))
    assert tally.share("telling") == tally.share("telling", "email") == 0.75
    assert len(tally.missed) == 1


def test_nested_calls_count_once() -> None:
    clock = Clock()
    clock("outer", lambda: clock("inner", sum, range(100_000)))
    assert clock.own["outer"] < clock.own["inner"]


def test_parts_of_a_redaction_add_up(redactor: Redactor) -> None:
    found = shares(redactor, [captured(body=b'{"email": "ada@posteo.de"}', content_type=JSON)])
    assert set(found) == set(PARTS)
    assert sum(found.values()) == pytest.approx(1)
