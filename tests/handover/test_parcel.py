from __future__ import annotations

import pytest

from shadowtap import wire
from shadowtap.exceptions import CourierError
from shadowtap.exchange import Exchange
from shadowtap.handover.parcel import LARGE, OVERHEAD, pack
from tests.support.exchanges import exchange


def test_a_small_exchange_waits_as_the_payload_of_its_frame() -> None:
    one = exchange(body=b"x" * 1000)
    parcel = pack(one)
    assert isinstance(parcel.content, bytes)
    assert wire.decode(parcel.content) == one
    assert parcel.size == len(parcel.content) + OVERHEAD


def test_a_large_exchange_is_left_to_the_writer_thread() -> None:
    one = exchange(body=b"x" * LARGE)
    parcel = pack(one)
    assert isinstance(parcel.content, Exchange)
    assert parcel.content is one
    assert parcel.size >= LARGE


def test_a_parcel_knows_the_targets_of_its_exchange() -> None:
    assert pack(exchange(targets=("blue", "green"))).targets == ("blue", "green")


def test_what_has_no_bytes_is_refused_without_its_value() -> None:
    with pytest.raises(CourierError, match=r"^cannot be encoded: UnicodeEncodeError$") as caught:
        pack(exchange(method="SECRET\udcff"))
    assert caught.value.__cause__ is None
