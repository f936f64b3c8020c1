"""Ask a courier for its status."""

from __future__ import annotations

import socket
from pathlib import Path

from shadowtap import wire
from shadowtap.exceptions import CourierError


def ask(sock: socket.socket, timeout: float = 10.0) -> wire.Status:
    """Send a ``StatusQuery`` on a connected socket and return the answer.

    Raises:
        CourierError: there is none within ``timeout`` seconds.
    """
    sock.settimeout(timeout)
    reader = wire.FrameReader()
    try:
        sock.sendall(wire.encode(wire.StatusQuery()))
        while data := sock.recv(65536):
            for payload in reader.feed(data):
                return wire.decode_status(payload)
    except OSError as error:
        raise CourierError(f"no answer from the courier: {error}") from None
    raise CourierError("the courier hung up")


def ask_at(path: Path) -> wire.Status:
    """Return the status of the courier that listens at a path.

    Raises:
        CourierError: none does.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        try:
            sock.connect(str(path))
        except OSError as error:
            raise CourierError(f"no courier at {path}: {error.strerror or error}") from None
        return ask(sock)
