from __future__ import annotations

import gc
import threading

from hypothesis import given
from hypothesis import strategies as st

from shadowtap.handover.buffer import OVERHEAD, Buffer
from tests.support.exchanges import exchange


def test_what_is_put_first_is_taken_first() -> None:
    buffer = Buffer(10, 10**6)
    exchanges = [exchange(b"/%d" % number) for number in range(3)]
    for one in exchanges:
        assert buffer.put(one)
    assert buffer.take(10, 10**6) == exchanges


def test_it_refuses_more_exchanges_than_its_length() -> None:
    buffer = Buffer(2, 10**6)
    assert [buffer.put(exchange()) for _ in range(3)] == [True, True, False]


def test_it_refuses_more_bytes_than_its_size() -> None:
    buffer = Buffer(10, 2 * OVERHEAD + 1500)
    assert buffer.put(exchange(body=b"x" * 1000))
    assert not buffer.put(exchange(body=b"x" * 1000))
    assert buffer.put(exchange(body=b"x" * 100))


def test_room_comes_back_with_what_is_taken() -> None:
    buffer = Buffer(1, 10**6)
    assert buffer.put(exchange())
    buffer.take(1, 10**6)
    assert buffer.put(exchange())


@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(1, 10), st.integers(OVERHEAD, 20000))
def test_it_never_holds_more_than_its_bounds(sizes: list[int], length: int, size: int) -> None:
    buffer = Buffer(length, size)
    held = 0
    for number in sizes:
        if buffer.put(exchange(body=b"x" * number)):
            held += OVERHEAD + number + len(b"ok")
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
    buffer.put(exchange())
    assert woken.wait(10)
    thread.join()


def test_a_finaliser_may_put_while_a_put_is_under_way() -> None:
    buffer = Buffer(100, 10**6)

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            buffer.put(exchange())

    with buffer._lock:  # as inside a put, when the collector runs
        Cycle()
        gc.collect()
    assert len(buffer) == 1


def test_a_batch_is_bounded_in_bytes() -> None:
    buffer = Buffer(100, 10**7)
    for _ in range(10):
        buffer.put(exchange(body=b"x" * 100_000))
    assert len(buffer.take(64, 250_000)) == 3
