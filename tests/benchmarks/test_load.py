"""The load generator against apps of a few lines: what it measures is what there is."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from benchmarks.harness.load import Load, LoadError, poisson

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
REQUEST = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


class App:
    """Answers on one connection; the first answer takes a while."""

    def __init__(
        self, answers: tuple[bytes, ...] = (ANSWER,), first: float = 0.0, request: int = len(REQUEST)
    ):
        self.requests = 0
        self._answers = answers
        self._first = first
        self._request = request
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            missing = self._request
            while data := connection.recv(65536):
                missing -= len(data)
                if missing:
                    continue
                missing = self._request
                if not self.requests:
                    time.sleep(self._first)
                self.requests += 1
                for part in self._answers:
                    connection.sendall(part)

    def close(self) -> None:
        self._listener.close()
        self._thread.join()


@pytest.fixture
def serve(request: pytest.FixtureRequest) -> Iterator:
    def start(requests: list[bytes] | None = None, **options) -> tuple[App, Load]:
        app = App(**options)
        load = Load(app.address, requests or [REQUEST], 1)
        request.addfinalizer(app.close)
        request.addfinalizer(load.close)
        return app, load

    return start


def test_a_closed_loop_counts_the_answers(serve) -> None:
    app, load = serve()
    answers = load.closed(0.2)
    # The last request is still under way when the time is over.
    assert answers + 1 == load.sent == app.requests


def test_an_answer_may_come_in_parts(serve) -> None:
    app, load = serve(answers=(ANSWER[:10], ANSWER[10:-1], ANSWER[-1:]))
    assert len(load.open([0.0, 0.01, 0.02])) == app.requests == 3


def test_a_request_may_be_larger_than_what_the_socket_takes(serve) -> None:
    request = REQUEST + b"x" * 8_000_000
    app, load = serve([request], first=0.1, request=len(request))
    assert len(load.open([0.0, 0.0])) == app.requests == 2


def test_a_stall_counts_for_every_request_that_was_due_meanwhile(serve) -> None:
    _, load = serve(first=0.3)
    latencies = load.open([0.0, 0.1, 0.2])
    assert [round(latency, 1) for latency in latencies] == [0.3, 0.2, 0.1]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", ANSWER + b"more"])
def test_an_answer_that_is_not_the_expected_one_is_an_error(serve, answer: bytes) -> None:
    _, load = serve(answers=(answer,))
    with pytest.raises(LoadError):
        load.open([0.0])


def test_arrivals_come_at_the_rate_and_again_the_same() -> None:
    times = poisson(1000, 10, seed=1)
    assert times == poisson(1000, 10, seed=1) == sorted(times)
    assert 9500 < len(times) < 10500
    assert times[-1] < 10
