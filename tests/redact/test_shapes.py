from __future__ import annotations

import pytest

from shadowtap.redact.free_text import is_free_text, scrub
from shadowtap.redact.shapes import is_technical, is_unmistakable
from shadowtap.redact.surrogates.keyed import Keyed

KEYED = Keyed(b"k" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "7c8d263f-b209-4da6-9d61-38e623895858",
        "2026-10-01",
        "2026-10-01T12:34:56Z",
        "2026-10-01 12:34:56.123+02:00",
        "12:34",
        "48.775846",
        "-0.5e10",
        "d41d8cd98f00b204e9800998ecf8427e",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    ],
)
def test_a_technical_form_is_known(text: str) -> None:
    assert is_unmistakable(text)


@pytest.mark.parametrize(
    "text", ["12345678901234567890123456789012", "2026-10-01 John", "1.2.3.4", "bob", ""]
)
def test_digits_alone_are_no_digest(text: str) -> None:
    assert not is_unmistakable(text)


@pytest.mark.parametrize(
    ("text", "technical"),
    [
        ("Wed, 21 Oct 2026 07:28:00 GMT", True),
        ("text/html; charset=utf-8", True),
        ("text/html, application/json;q=0.9", True),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/126.0", True),
        ("mr/john; x=smith", False),
        ('"John", "Smith"', False),
        ("Wed, 21 Oct John Smith", False),
    ],
)
def test_a_technical_form_with_spaces_is_known(text: str, technical: bool) -> None:
    assert is_technical(text) is technical


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("hello world", True),
        ("hello\tworld", True),
        ("hello\u00a0world", True),
        ("王小明", True),
        ("김철수", True),
        ("hello", False),
        ("hello_world", False),
        ("a b c", False),
        ("12 34", False),
        ("price:asc,name:desc", False),
        ("王", False),
    ],
)
def test_two_words_make_a_text(text: str, free: bool) -> None:
    assert is_free_text(text) is free


def test_a_scrubbed_text_keeps_its_shape_and_commonest_words() -> None:
    out = scrub(KEYED, "Please call Zoë O'Neill at 221B, Baker Street!")
    please, call, zoe, oneill, at, number, baker, street = out.split(" ")
    assert (please, at) == ("Please", "at")
    assert "call" not in call
    assert zoe.istitle()
    assert len(zoe) == 3
    assert oneill[1] == "'"
    assert number[:3].isdecimal()
    assert number.endswith(",")
    assert baker.istitle()
    assert street.endswith("!")


def test_a_word_gives_the_same_word_in_any_case() -> None:
    first, second, third = scrub(KEYED, "patricia Patricia PATRICIA").split()
    assert first == second.lower() == third.lower()
    assert third.isupper()


@pytest.mark.parametrize("text", ["me@you.us", "will.you", "the-who", "not_me"])
def test_a_common_word_within_an_address_does_not_stay(text: str) -> None:
    out = scrub(KEYED, text)
    assert not set(out) & set("@._-") ^ set(text) & set("@._-")
    assert all(old != new for old, new in zip(text, out, strict=True) if old.isalpha())


@pytest.mark.parametrize(
    "text", ["Привет Анна", "こんにちは", "καλημέρα κόσμε", "مرحبا بك", "שלום לך", "नमस्ते अन्ना"]
)
def test_a_script_stays(text: str) -> None:
    import unicodedata

    out = scrub(KEYED, text)
    assert out != text
    assert len(out) == len(text)
    for old, new in zip(text, out, strict=True):
        if old.isalpha():
            assert unicodedata.name(old).split()[0] == unicodedata.name(new).split()[0]
