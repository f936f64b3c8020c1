from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.context import ShadowScope
from shadowtap.guard.effect_list import MAX_BYTES, MAX_NAME, parse, render


def scope(*effects: str) -> ShadowScope:
    made = ShadowScope("id")
    for effect in effects:
        made.record(effect)
    return made


def test_nothing_blocked_is_nothing_to_tell() -> None:
    assert render(scope()) is None


def test_effects_are_counted_and_named_in_their_order() -> None:
    value = render(scope("send_mail", "charge", "charge"))
    assert value == 'blocked=3, effects=("send_mail" "charge" "charge")'
    assert parse(value) == (3, ("send_mail", "charge", "charge"))


def test_a_name_cannot_break_out_of_its_string() -> None:
    value = render(scope('a" "b\\', "c)\r\nSet-Cookie: x"))
    assert value == 'blocked=2, effects=("a\\" \\"b\\\\" "c)??Set-Cookie: x")'
    assert parse(value) == (2, ('a" "b\\', "c)??Set-Cookie: x"))


def test_names_that_find_no_room_are_still_counted() -> None:
    value = render(scope(*["x" * 50] * 500))
    assert value is not None
    assert len(value) <= MAX_BYTES
    number, names = parse(value) or (0, ())
    assert number == 500
    assert 15 < len(names) < 20


def test_the_last_name_fits_to_the_byte() -> None:
    filler = ["x" * 90] * 10
    room = MAX_BYTES - len(render(scope(*filler)) or "") - len(' ""')
    number, names = parse(render(scope(*filler, "y" * room)) or "") or (0, ())
    assert (number, len(names)) == (11, 11)
    number, names = parse(render(scope(*filler, "y" * (room + 1))) or "") or (0, ())
    assert (number, len(names)) == (11, 10)


@given(st.lists(st.text(max_size=120), min_size=1, max_size=300))
def test_whatever_effects_are_called_the_value_is_short_and_can_be_read(effects: list[str]) -> None:
    value = render(scope(*effects))
    assert value is not None
    assert len(value) <= MAX_BYTES
    assert value.isprintable()
    assert value.isascii()
    number, names = parse(value) or (0, ())
    assert number == len(effects)
    for name, effect in zip(names, effects, strict=False):
        plain = effect[:MAX_NAME]
        assert name == "".join(c if " " <= c <= "~" else "?" for c in plain)


@given(st.text(max_size=100) | st.from_regex(r"blocked=[0-9]+, effects=\(.*\)"))
def test_reading_never_raises(value: str) -> None:
    parse(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "blocked=1",
        "blocked=-1, effects=()",
        'blocked=1, effects=("a)',
        'blocked=1, effects=("a""b")',
        'blocked=1, effects=( "a")',
        'blocked=1, effects=("a\\n")',
        "blocked=1, effects=(a)",
        'blocked=1, effects=("a"), x',
        "blocked=1, effects=(" + " ".join(['"a"'] * 300) + ")",
    ],
)
def test_another_form_is_not_read(value: str) -> None:
    assert parse(value) is None
