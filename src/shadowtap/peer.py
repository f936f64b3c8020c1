"""Who is at the other end of a Unix socket."""

from __future__ import annotations

import socket
import struct


def peer_uid(sock: socket.socket) -> int | None:
    """Return the user id of the process at the other end; ``None`` where the platform does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    credentials = sock.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid)
