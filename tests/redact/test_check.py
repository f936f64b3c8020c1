from __future__ import annotations

import base64
import json
from collections.abc import Callable
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


@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"\xff\xfb"])
@pytest.mark.parametrize("glued", [b"", b"v", b"v1", b"v1_"])
def test_a_removed_string_is_found_in_base64_at_any_place(
    alphabet: Callable[[bytes], bytes], before: bytes, glued: bytes
) -> None:
    for after in (b"", b"1", b"12"):
        packed = alphabet(before + SECRET.encode() + after)
        for sent in (packed, packed.rstrip(b"="), quote(packed).encode()):
            assert survivors([SECRET], [b'{"x":"' + glued + sent + b'"}'], quiet) == [SECRET]


@pytest.mark.parametrize(
    "sent", [b"Zo&#235; K&amp;ri 7", b"Zo&#x0000eb; K&#38;ri&#32;7", b"&#90;o\xc3\xab K&amp;ri 7"]
)
def test_a_removed_string_is_found_as_xml_writes_it(sent: bytes) -> None:
    assert survivors([SECRET], [b"<a>" + sent + b"</a>"], quiet) == [SECRET]


def test_a_reference_to_no_character_is_none() -> None:
    assert survivors([SECRET], [b"&#9999999; &#xffffff;"], quiet) == []
