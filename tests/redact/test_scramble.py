from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import digits, scramble
from tests.redact.asking import KEY

KEYED = Keyed(KEY)


@pytest.mark.parametrize(("a", "b"), [(1, 10), (10, 10), (10, 100), (9, 10), (7, 13), (1, 2)])
def test_a_permutation_takes_each_number_to_another_and_none_twice(a: int, b: int) -> None:
    out = [KEYED.permute(b"test", number, a, b) for number in range(a * b)]
    assert sorted(out) == list(range(a * b))
    assert not [number for number in range(a * b) if out[number] == number]


@given(st.text("0123456789", min_size=1, max_size=30))
def test_digits_stay_digits_of_the_same_number(run: str) -> None:
    out = digits(KEYED, b"test", run)
    assert out != run
    assert len(out) == len(run)
    assert out.isdecimal()
    if run[0] != "0":
        kept = digits(KEYED, b"test", run, keep_lead=True)
        assert kept[0] != "0"
        assert kept != run
        assert len(kept) == len(run)


@given(st.text(min_size=1, max_size=200))
def test_a_scrambled_text_keeps_its_length(text: str) -> None:
    out = scramble(KEYED, b"test", text)
    assert len(out) == len(text)
    if any(char.isascii() and char.isalnum() for char in text):
        assert out != text
