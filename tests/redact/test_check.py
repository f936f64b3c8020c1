from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest

from shadowtap.redact.check import survivors

SECRET = "Zoë K&ri 7"


def quiet() -> None:
    pass


@pytest.mark.parametrize(
    "sent",
    [
        SECRET.encode(),
        quote(SECRET).encode(),
        b"Zo%c3%ab%20K%26ri%207",
        quote_plus(SECRET).encode(),
        b"%5a" + quote(SECRET[1:]).encode(),
        json.dumps(SECRET).encode(),
        json.dumps(SECRET).replace("Z", "\\u005a").encode(),
    ],
)
def test_a_removed_string_is_found_in_every_spelling(sent: bytes) -> None:
    assert survivors([SECRET], [b"x", b"a=" + sent + b"&b"], quiet) == [SECRET]


def test_a_removed_string_with_characters_beyond_the_first_plane_is_found() -> None:
    assert survivors(["smile 😀 x"], [json.dumps("smile 😀 x").encode()], quiet) == ["smile 😀 x"]


def test_what_is_not_there_is_not_found() -> None:
    assert survivors([SECRET, "kanari"], [b"kanar", b"i and nothing else"], quiet) == []


def test_nothing_removed_is_nothing_to_look_for() -> None:
    assert survivors([], [b"anything"], quiet) == []


def test_very_many_strings_are_looked_for_at_once() -> None:
    removed = [f"value-{number:06}" for number in range(20_000)]
    sent = b" ".join(b"other-%06d" % number for number in range(20_000)) + b" value-017017 "
    assert survivors(removed, [sent], quiet) == ["value-017017"]


def test_a_long_look_can_be_stopped() -> None:
    class TooLong(Exception):
        pass

    def stop() -> None:
        raise TooLong

    removed = [f"value-{number:06}" for number in range(20_000)]
    with pytest.raises(TooLong):
        survivors(removed, [b"x" * 1_000_000], stop)
