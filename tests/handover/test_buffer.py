from __future__ import annotations

import gc
import threading

from hypothesis import given
from hypothesis import strategies as st

from shadowtap.handover.buffer import Buffer
from shadowtap.handover.parcel import Parcel


def parcel(size: int = 100, name: str = "") -> Parcel:
    return Parcel(("shadow",), name.encode(), size)


def test_what_is_put_first_is_taken_first() -> None:
    buffer = Buffer(10, 10**6)
    parcels = [parcel(name=str(number)) for number in range(3)]
    for one in parcels:
        assert buffer.put(one)
    assert buffer.take(10, 10**6) == parcels


def test_it_refuses_more_exchanges_than_its_length() -> None:
    buffer = Buffer(2, 10**6)
    assert [buffer.put(parcel()) for _ in range(3)] == [True, True, False]
    assert buffer.full


def test_it_refuses_more_bytes_than_its_size() -> None:
    buffer = Buffer(10, 1500)
    assert buffer.put(parcel(1000))
    assert not buffer.put(parcel(1000))
    assert buffer.put(parcel(500))
    assert buffer.full


def test_room_comes_back_with_what_is_taken() -> None:
    buffer = Buffer(1, 10**6)
    assert buffer.put(parcel())
    buffer.take(1, 10**6)
    assert not buffer.full
    assert buffer.put(parcel())


@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(1, 10), st.integers(1, 20000))
def test_it_never_holds_more_than_its_bounds(sizes: list[int], length: int, size: int) -> None:
    buffer = Buffer(length, size)
    held = 0
    for number in sizes:
        if buffer.put(parcel(number)):
            held += number
        assert len(buffer) <= length
        assert held <= size


def test_a_waiting_writer_is_woken_by_a_put() -> None:
    buffer = Buffer(10, 10**6)
    woken = threading.Event()

    def wait() -> None:
        buffer.wait(30)
        woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    buffer.put(parcel())
    assert woken.wait(10)
    thread.join()


def test_a_finaliser_may_put_while_a_put_is_under_way() -> None:
    buffer = Buffer(100, 10**6)

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            buffer.put(parcel())

    with buffer._lock:  # as inside a put, when the collector runs
        Cycle()
        gc.collect()
    assert len(buffer) == 1


def test_a_batch_is_bounded_in_bytes() -> None:
    buffer = Buffer(100, 10**7)
    for _ in range(10):
        buffer.put(parcel(100_000))
    assert len(buffer.take(64, 250_000)) == 3
