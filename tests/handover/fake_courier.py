"""A courier that is no courier: it listens at a socket, and does with what comes what a test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shadowtap import wire
from shadowtap.exchange import Exchange


class FakeCourier:
    """Takes frames in a thread for each connection.

    Args:
        path: The socket to listen at.
        outcome: How copies end; ``None`` leaves them open.
        hangs_up: Whether a connection is closed as soon as it is made.
    """

    def __init__(self, path: Path, *, outcome: str | None = "answered", hangs_up: bool = False) -> None:
        self.address = f"unix://{path}"
        self.outcome = outcome
        self.hangs_up = hangs_up
        self.resting: dict[str, float] = {}
        """What it says of targets that are left alone."""
        self.reads = threading.Event()
        """Cleared, it takes nothing from its sockets any more."""
        self.reads.set()
        self.ends = threading.Event()
        """Set, it hangs up on a web process that sends nothing more, though copies of it are open."""
        self.connections = 0
        self.frames: list[wire.Frame] = []
        self.open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges that have come."""
        return [frame for frame in list(self.frames) if isinstance(frame, Exchange)]

    @contextmanager
    def running(self) -> Iterator[FakeCourier]:
        """Take connections for the length of a ``with`` block."""
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.reads.set()
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self.hang_up()
            thread.join()

    def hang_up(self) -> None:
        """Close all connections, as a courier does that is killed."""
        self.ends.set()
        while self.open:
            with suppress(OSError):
                self.open.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                if self.hangs_up:
                    sock.close()
                    continue
                self.open.append(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        reader, counts = wire.FrameReader(), {}
        with sock, suppress(OSError):
            while self.reads.wait() and (data := sock.recv(65536)):
                for payload in reader.feed(data):
                    frame = wire.decode(payload)
                    self.frames.append(frame)
                    if isinstance(frame, Exchange) and self.outcome is not None:
                        for target in frame.targets:
                            ended = counts.setdefault(target, {})
                            ended[self.outcome] = ended.get(self.outcome, 0) + 1
                if counts:
                    sock.sendall(wire.encode(wire.Tally(counts, resting=self.resting)))
            if self.outcome is None:
                self.ends.wait()
