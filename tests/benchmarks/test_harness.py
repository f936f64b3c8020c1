"""Arithmetic, accounts and misbehaving shadows of the benchmarks."""

from __future__ import annotations

import math
import os
import random
import socket
import sys
import time

import pytest

from benchmarks.harness.accounts import Account, amiss
from benchmarks.harness.control import Process
from benchmarks.harness.cores import cpu_seconds
from benchmarks.harness.figures import median, percentile, table
from benchmarks.harness.traffic import card, gets, posts, uploads

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pins processes to cores")
REQUEST = b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody"


@pytest.mark.parametrize(
    ("account", "adds_up"),
    [
        (Account(5, 5, 0, {"answered": 3, "queue_full": 2}), True),
        (Account(5, 4, 0, {"answered": 4}), False),
        (Account(5, 5, 1, {"answered": 4}), False),
        (Account(5, 5, 0, {"answered": 4}), False),
        (Account(5, 5, 0, {"answered": 6}), False),
    ],
)
def test_an_account_adds_up_when_each_request_has_one_outcome(account: Account, adds_up: bool) -> None:
    assert account.adds_up is adds_up
    assert bool(amiss({"healthy": account})) is not adds_up


def test_a_percentile_is_one_of_the_values() -> None:
    values = list(range(100, 0, -1))
    assert (percentile(values, 50), percentile(values, 99), percentile([7], 99)) == (51, 100, 7)


def test_nothing_has_no_median() -> None:
    assert math.isnan(median([]))
    assert math.isnan(percentile([], 50))


def test_columns_of_a_table_are_as_wide_as_their_widest_cell() -> None:
    assert table(["a", "b"], [["long", "1"], ["x", "100"]]).splitlines() == [
        "a       b",
        "----  ---",
        "long    1",
        "x     100",
    ]


def test_requests_do_not_repeat_and_have_their_size() -> None:
    assert len(set(gets(50))) == len(set(posts(50))) == 50
    assert {len(post.partition(b"\r\n\r\n")[2]) // 64 for post in posts(50)} == {1024 // 64}
    assert [len(upload.partition(b"\r\n\r\n")[2]) for upload in uploads(1)] == [1_000_000]


def test_card_numbers_pass_their_check() -> None:
    digits = list(map(int, card(random.Random(1))))
    assert sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(digits)) % 10 == 0


@linux
def test_the_clock_of_a_process_is_that_of_its_threads() -> None:
    assert cpu_seconds(os.getpid()) == pytest.approx(time.process_time(), abs=0.01)


@pytest.fixture
def connect(request: pytest.FixtureRequest):
    def start(behaviour: str) -> tuple[Process, socket.socket]:
        shadow = Process("shadow", behaviour, core=min(os.sched_getaffinity(0)))
        request.addfinalizer(shadow.end)
        sock = socket.create_connection(shadow.address, timeout=20)
        request.addfinalizer(sock.close)
        return shadow, sock

    return start


@linux
def test_a_healthy_shadow_answers_and_counts(connect) -> None:
    shadow, sock = connect("healthy")
    for number in (1, 2):
        sock.sendall(REQUEST[:30])
        sock.sendall(REQUEST[30:])
        assert sock.recv(1000).endswith(b"{}")
        assert shadow.ask() == {"copies": number}


@linux
def test_a_hung_shadow_counts_and_does_not_answer(connect) -> None:
    shadow, sock = connect("hung")
    sock.sendall(REQUEST)
    sock.settimeout(0.5)
    with pytest.raises(TimeoutError):
        sock.recv(1000)
    assert shadow.ask() == {"copies": 1}


@linux
def test_a_resetting_shadow_resets(connect) -> None:
    _, sock = connect("resetting")
    sock.sendall(REQUEST)
    with pytest.raises(ConnectionResetError):
        sock.recv(1000)


@linux
def test_a_never_reading_shadow_lets_the_sender_wait(connect) -> None:
    _, sock = connect("never-reading")
    sock.settimeout(0.5)
    with pytest.raises(TimeoutError):
        sock.sendall(bytes(50_000_000))
