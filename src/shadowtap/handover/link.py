"""One connection to a courier, seen from the web process: bytes out, frames back, never blocked for long."""

from __future__ import annotations

import os
import select
import socket
from pathlib import Path

from shadowtap import wire
from shadowtap.exceptions import CourierError
from shadowtap.peer import peer_uid

SEND_BUFFER = 1024 * 1024
"""Bytes of kernel buffer asked for; the kernel may grant less."""


class Link:
    """A connected stream socket with its unsent bytes."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._reader = wire.FrameReader()
        self._unsent = bytearray()
        self._sent = 0
        self.alive = True
        self.progress = 0
        """Bytes that the courier's socket has accepted so far."""

    @property
    def flushed(self) -> bool:
        """Whether everything queued has been given to the kernel."""
        return not self._unsent

    def fileno(self) -> int:
        """Return the socket's file descriptor."""
        return self._sock.fileno()

    def queue(self, *frames: wire.Frame) -> None:
        """Encode frames for the next ``turn``."""
        for frame in frames:
            self.queue_payload(wire.payload(frame))

    def queue_payload(self, payload: bytes) -> None:
        """Queue a frame that was encoded before."""
        wire.append(self._unsent, payload)

    def turn(self, timeout: float) -> list[wire.Frame]:
        """Send what can be sent and return what has come, waiting at most ``timeout`` seconds for either.

        Sets ``alive`` to false when the courier has gone.
        """
        frames = self._move()
        if frames or timeout <= 0 or not self.alive:
            return frames
        poller = select.poll()
        poller.register(self._sock, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        poller.poll(timeout * 1000)
        return self._move()

    def _move(self) -> list[wire.Frame]:
        frames = self._receive() if self.alive else []
        if self._unsent and self.alive:
            self._send()
        return frames

    def _send(self) -> None:
        try:
            while self._sent < len(self._unsent):
                with memoryview(self._unsent) as view:
                    number = self._sock.send(view[self._sent :])
                self._sent += number
                self.progress += number
        except BlockingIOError:
            return
        except OSError:
            self.alive = False
            return
        self._unsent.clear()
        self._sent = 0

    def _receive(self) -> list[wire.Frame]:
        frames: list[wire.Frame] = []
        try:
            while data := self._sock.recv(65536):
                frames += map(wire.decode, self._reader.feed(data))
            self.alive = False
        except BlockingIOError:
            pass
        except (OSError, CourierError):
            self.alive = False
        return frames

    def finish(self) -> None:
        """Tell the courier that nothing more will come; its frames can still be received."""
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.alive = False

    def close(self) -> None:
        """Give the connection up."""
        self.alive = False
        self._sock.close()


def connect(path: str) -> Link:
    """Connect to a shared courier's socket.

    The socket must belong to this user or to root, and so must the process
    behind it: raw requests go through it.

    Raises:
        CourierError: there is no courier, or it is not one to be trusted.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _check_owner(path, "socket", Path(path).stat().st_uid)
        sock.settimeout(2.0)
        sock.connect(path)
        _check_owner(path, "courier", peer_uid(sock))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    except OSError as error:
        sock.close()
        raise CourierError(f"no courier at {path}: {error.strerror or error}") from None
    except CourierError:
        sock.close()
        raise
    return Link(sock)


def _check_owner(path: str, what: str, owner: int | None) -> None:
    if owner not in (None, 0, os.geteuid()):
        raise CourierError(f"the {what} at {path} belongs to user {owner}, neither to this one nor to root")
