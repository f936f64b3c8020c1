"""Stands for a shared courier: takes what a door hands over, and shows it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

from shadowtap import wire
from shadowtap.exchange import Exchange
from tests.support.waiting import until


class Sink:
    """Listens at a socket path; one thread for each process that connects."""

    def __init__(self, path: Path) -> None:
        self.url = f"unix://{path}"
        self.exchanges: list[Exchange] = []
        self._tallies: dict[int, wire.Counts] = {}
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self._connections: list[socket.socket] = []

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                thread = threading.Thread(target=self._read, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _read(self, connection: socket.socket) -> None:
        reader = wire.FrameReader()
        with connection, suppress(OSError):
            while data := connection.recv(1 << 20):
                for frame in map(wire.decode, reader.feed(data)):
                    if isinstance(frame, Exchange):
                        self.exchanges.append(frame)
                    elif isinstance(frame, wire.Tally):
                        self._tallies[connection.fileno()] = frame.counts

    def outcomes(self) -> dict[str, int]:
        """Return how the requests ended that were not handed over, as the processes last told."""
        found: dict[str, int] = {}
        for counts in list(self._tallies.values()):
            for outcomes in counts.values():
                for outcome, number in outcomes.items():
                    found[outcome] = found.get(outcome, 0) + number
        return found

    def wait_for(self, case: str) -> Exchange:
        """Return the exchange whose request has this value in its ``X-Case`` header."""

        def found() -> list[Exchange]:
            return [e for e in list(self.exchanges) if case.encode() in dict(lowered(e)).get(b"x-case", b"")]

        until(found, what=f"an exchange of case {case}")
        return found()[0]

    def close(self) -> None:
        """Hang up on everybody."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


def lowered(exchange: Exchange) -> list[tuple[bytes, bytes]]:
    """Return the header fields of a request with names in lower case."""
    return [(name.lower(), value) for name, value in exchange.request.headers]
