"""The courier's listening socket: for the web processes of a shared courier, and for ``status``."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

from shadowtap.courier.client import Client
from shadowtap.courier.pipeline import Courier
from shadowtap.exceptions import CourierError


class Listener:
    """Accepts connections of this user (and root) at a Unix socket with mode 0600."""

    def __init__(self, path: Path, server: asyncio.AbstractServer) -> None:
        self._path = path
        self._server = server
        self._inode = path.stat().st_ino

    @classmethod
    async def start(cls, courier: Courier, path: Path) -> Listener:
        """Listen at a path; a socket that nobody listens at any more is replaced.

        Raises:
            CourierError: something else is in the way.
        """
        make_way(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            sock.bind(str(path))
        except OSError as error:
            sock.close()
            raise CourierError(f"cannot listen at {path}: {error.strerror or error}") from None
        finally:
            os.umask(mask)
        server = await asyncio.get_running_loop().create_unix_server(lambda: Client(courier), sock=sock)
        return cls(path, server)

    def close(self) -> None:
        """Stop listening, and remove the socket if it is still ours."""
        self._server.close()
        with suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()


def make_way(path: Path) -> None:
    """Remove a dead socket.

    Raises:
        CourierError: there is a live courier, or something that is no socket.
    """
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise CourierError(f"cannot listen at {path}: it exists and is not a socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise CourierError(f"cannot listen at {path}: {error.strerror or error}") from None
        else:
            raise CourierError(f"cannot listen at {path}: a courier listens there already")
