"""Who is at the other end of a Unix socket."""

from __future__ import annotations

import socket
import struct


def peer_uid(sock: socket.socket) -> int | None:
    """Return the user id of the process at the other end; ``None`` where the platform does not tell."""
    credentials = _credentials(sock)
    return None if credentials is None else credentials[1]


def peer_pid(sock: socket.socket) -> int | None:
    """Return the id of the process at the other end, or of the one that made a socket pair; as above."""
    credentials = _credentials(sock)
    return None if credentials is None else credentials[0]


def _credentials(sock: socket.socket) -> tuple[int, int, int] | None:
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    pid, uid, gid = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return pid, uid, gid
