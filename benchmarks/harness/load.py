"""The load: kept-alive connections driven by one epoll, so that the generator costs little beside the app.

Closed loop: each connection sends its next request when the last is answered;
what comes out is the throughput at saturation. Open loop: requests leave at
times fixed beforehand, whatever the app does, and a latency counts from the
time when the request was due, so that a stall is paid for by all that it delays.
"""

from __future__ import annotations

import gc
import itertools
import random
import re
import select
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_OK = b"HTTP/1.1 200 "


class LoadError(Exception):
    """The app did not answer as it should; a figure would be worthless."""


class Connection:
    """One connection, one request at a time."""

    __slots__ = ("_got", "_head", "_need", "_unsent", "due", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address, timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.due = 0.0
        self._unsent: memoryview | None = None
        self._head = b""
        self._got = 0
        self._need = 0

    def begin(self, request: bytes) -> bool:
        """Send a request; ``False`` when a part of it has to wait for room."""
        self._got = self._need = 0
        self._head = b""
        try:
            sent = self.sock.send(request)
        except BlockingIOError:
            sent = 0
        if sent == len(request):
            return True
        self._unsent = memoryview(request)[sent:]
        return self.go_on()

    def go_on(self) -> bool:
        """Send what is left; ``False`` when some of it still has to wait."""
        while self._unsent:
            try:
                self._unsent = self._unsent[self.sock.send(self._unsent) :]
            except BlockingIOError:
                return False
        self._unsent = None
        return True

    def answered(self) -> bool:
        """Take what has come; ``True`` at the end of the answer."""
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return False
        if not data:
            raise LoadError("the app closed a connection")
        if not self._need:
            self._read_head(data)
        self._got += len(data)
        if self._need and self._got > self._need:
            raise LoadError("the app answered more than it was asked")
        return self._got == self._need

    def _read_head(self, data: bytes) -> None:
        head = self._head + data
        end = head.find(b"\r\n\r\n")
        if end < 0:
            self._head = head
            return
        length = _LENGTH.search(head, 0, end)
        if not head.startswith(_OK) or length is None:
            raise LoadError(f"the app answered {head[:end]!r}")
        self._need = end + 4 + int(length[1])


class Load:
    """Connections to one app that repeat a list of requests."""

    def __init__(self, address: tuple[str, int], requests: Sequence[bytes], connections: int) -> None:
        self._requests = itertools.cycle(requests)
        self._epoll = select.epoll()
        self._connections = {}
        for _ in range(connections):
            one = Connection(address)
            self._connections[one.sock.fileno()] = one
            self._epoll.register(one.sock, select.EPOLLIN)
        self.sent = 0
        """Requests sent since the beginning."""

    def close(self) -> None:
        """Close the connections."""
        for one in self._connections.values():
            one.sock.close()
        self._epoll.close()

    def closed(self, seconds: float) -> int:
        """Run a closed loop for so long; return the number of answers that came within that time."""
        answers = 0
        with _undisturbed():
            end = time.perf_counter() + seconds
            for one in self._connections.values():
                self._begin(one)
            while time.perf_counter() < end:
                for one in self._answered(end - time.perf_counter()):
                    answers += 1
                    self._begin(one)
            self._finish(len(self._connections))
        return answers

    def open(self, due: Sequence[float]) -> list[float]:
        """Send a request at each of these times (seconds from now); return the latencies in seconds."""
        latencies: list[float] = []
        idle = list(self._connections.values())
        late: deque[float] = deque()
        with _undisturbed():
            start = time.perf_counter() + 0.005
            times = deque(start + offset for offset in due)
            while len(latencies) < len(due):
                now = time.perf_counter()
                while times and times[0] <= now:
                    late.append(times.popleft())
                while late and idle:
                    one = idle.pop()
                    one.due = late.popleft()
                    self._begin(one)
                for one in self._answered(times[0] - time.perf_counter() if times else 10.0):
                    latencies.append(time.perf_counter() - one.due)
                    idle.append(one)
        return latencies

    def _begin(self, one: Connection) -> None:
        self.sent += 1
        if not one.begin(next(self._requests)):
            self._epoll.modify(one.sock, select.EPOLLIN | select.EPOLLOUT)

    def _finish(self, missing: int) -> None:
        """Wait for the answers that are still on their way."""
        deadline = time.perf_counter() + 10
        while missing:
            if time.perf_counter() > deadline:
                raise LoadError(f"{missing} answers did not come")
            missing -= len(list(self._answered(1.0)))

    def _answered(self, timeout: float) -> Iterator[Connection]:
        """Move bytes; give the connections whose answer is whole, after at most ``timeout`` seconds."""
        events = self._epoll.poll(0)
        if not events and timeout > 0:
            # Python rounds epoll's own time-out to milliseconds; that of select is exact.
            select.select([self._epoll], [], [], timeout)
            events = self._epoll.poll(0)
        for descriptor, event in events:
            one = self._connections[descriptor]
            if event & select.EPOLLOUT and one.go_on():
                self._epoll.modify(one.sock, select.EPOLLIN)
            if event & ~select.EPOLLOUT and one.answered():
                yield one


def poisson(rate: float, seconds: float, seed: int) -> list[float]:
    """Return times of arrivals at random, so many per second; the same ones for the same seed."""
    chance = random.Random(seed)
    times = []
    now = chance.expovariate(rate)
    while now < seconds:
        times.append(now)
        now += chance.expovariate(rate)
    return times


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector out of the measurement."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
