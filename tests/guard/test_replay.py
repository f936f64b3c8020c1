from __future__ import annotations

import os
import signal
import threading
import warnings

from hypothesis import given
from hypothesis import strategies as st

from shadowtap.guard.replay import SeenIds, seen


def claim(ids: SeenIds, copy_id: str, time: int, now: float | None = None, window: float = 60) -> bool:
    return ids.claim(copy_id, time, now=time if now is None else now, window=window)


def test_an_id_can_be_taken_once() -> None:
    ids = SeenIds()
    assert claim(ids, "a", 1000)
    assert not claim(ids, "a", 1000)
    assert claim(ids, "b", 1000)


def test_an_id_that_is_signed_anew_is_still_taken() -> None:
    ids = SeenIds()
    assert claim(ids, "a", 1000)
    assert not claim(ids, "a", 1001)


def test_an_id_is_remembered_until_its_signature_has_run_out_and_not_longer() -> None:
    ids = SeenIds()
    # Signed by a clock that is 60 seconds ahead, so good for 120 seconds.
    assert claim(ids, "a", 1060, now=1000)
    assert not claim(ids, "a", 1060, now=1120)
    assert claim(ids, "b", 1121, now=1121)
    assert len(ids) == 1


def test_a_signature_that_ran_out_while_its_body_arrived_is_refused() -> None:
    ids = SeenIds()
    assert claim(ids, "a", 1000)
    assert not claim(ids, "a", 1000, now=1061)
    assert not claim(ids, "never seen", 1000, now=1061)


def test_a_signature_at_the_very_edge_of_the_window_is_taken() -> None:
    assert claim(SeenIds(), "a", 1000, now=1060)
    assert claim(SeenIds(), "a", 1000, now=1059.5)
    assert not claim(SeenIds(), "a", 1000, now=1060.5)


def test_when_full_the_window_shrinks_instead_of_opening() -> None:
    ids = SeenIds(capacity=3)
    for time, copy_id in ((1000, "a"), (1000, "b"), (1001, "c")):
        assert claim(ids, copy_id, time, now=1001)
    assert claim(ids, "d", 1001, now=1001)
    assert len(ids) == 2
    assert not claim(ids, "a", 1000, now=1001)
    assert not claim(ids, "never seen", 1000, now=1001)
    assert not claim(ids, "c", 1001, now=1001)


def test_when_one_second_fills_it_the_rest_of_that_second_is_refused() -> None:
    ids = SeenIds(capacity=2)
    assert [claim(ids, name, 1000) for name in "abcd"] == [True, True, False, False]
    assert claim(ids, "e", 1001)


claims = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(-5, 5), st.floats(0, 3)), max_size=60)


@given(claims, st.integers(1, 6))
def test_no_id_is_ever_taken_twice_and_memory_is_bounded(
    claims: list[tuple[str, int, float]], capacity: int
) -> None:
    ids = SeenIds(capacity)
    taken = set()
    now = 1000.0
    for copy_id, off, passed in claims:
        now += passed
        time = int(now) + off
        if claim(ids, copy_id, time, now=now, window=4):
            # A signature of another time is another request of the key's holder, good again after the window.
            assert (copy_id, time) not in taken
            taken.add((copy_id, time))
        assert len(ids) <= capacity


def test_of_many_threads_with_the_same_id_one_gets_it() -> None:
    ids = SeenIds()
    start = threading.Barrier(8)
    won: list[str] = []

    def race() -> None:
        start.wait()
        won.extend(name for name in map(str, range(200)) if claim(ids, name, 1000))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(map(str, range(200)))


def test_a_fork_while_the_memory_is_in_use_leaves_the_child_a_usable_one() -> None:
    with seen._lock, warnings.catch_warnings():
        # That other threads may hold locks is what this is about.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
        if pid == 0:
            signal.alarm(10)  # ends a child that waits for the lock for ever
            os._exit(0 if claim(seen, "a", 1000) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
