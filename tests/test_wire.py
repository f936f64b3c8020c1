from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap import wire
from shadowtap.exceptions import CourierError
from tests.support.exchanges import exchange

FRAMES = [
    exchange(b"/a", body=b"x" * 1000),
    wire.Gate(open=False, until=3.5),
    wire.Tally({"shadow": {"answered": 3}}, {"shadow": [0.1]}),
    wire.Trouble("timeout", "copies end in timeout"),
    wire.StatusQuery(),
]


def stream() -> bytes:
    buffer = bytearray()
    for frame in FRAMES:
        wire.append(buffer, wire.payload(frame))
    return bytes(buffer)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=50))
def test_frames_survive_any_cutting_of_the_stream(cuts: list[int]) -> None:
    data, reader, frames = stream(), wire.FrameReader(), []
    for cut in cuts:
        frames += [wire.decode(payload) for payload in reader.feed(data[:cut])]
        data = data[cut:]
    frames += [wire.decode(payload) for payload in reader.feed(data)]
    assert frames == FRAMES


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_a_clear_error(payload: bytes) -> None:
    with suppress(CourierError):
        wire.decode(payload)


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    with pytest.raises(CourierError, match="a frame of"):
        list(wire.FrameReader().feed((wire.MAX_FRAME + 1).to_bytes(4, "big")))


def test_a_captured_request_shows_sizes_and_no_content() -> None:
    shown = repr(exchange(b"/secret-path", query=b"q=hidden", headers=((b"x", b"hidden"),), body=b"hidden"))
    assert "hidden" not in shown
    assert "secret-path" not in shown
    assert "body=6 bytes" in shown
