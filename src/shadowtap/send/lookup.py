"""Resolve host names without ever holding up the process, however long DNS hangs."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

AddressInfo = tuple[Any, Any, int, str, Any]
"""As ``socket.getaddrinfo`` gives them."""


class Lookup:
    """Looks names up in daemon threads, one for each name at most.

    The loop's own executor is not used: its threads would fill up with hung
    lookups, hold up whatever else runs there, and be waited for at exit.
    """

    def __init__(self) -> None:
        self._running: dict[tuple[str, int], asyncio.Future[list[AddressInfo]]] = {}

    async def addresses(self, host: str, port: int) -> list[AddressInfo]:
        """Return the addresses of a host; callers who ask while a lookup runs share it.

        Raises:
            OSError: if the name cannot be resolved.
        """
        running = self._running.get((host, port))
        if running is None:
            running = self._start(host, port)
        # Waited for and not awaited: the time limit of one copy must not end the lookup for the others.
        await asyncio.wait((running,))
        return running.result()

    def _start(self, host: str, port: int) -> asyncio.Future[list[AddressInfo]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[AddressInfo]] = loop.create_future()
        self._running[host, port] = future

        def settle(found: list[AddressInfo] | OSError) -> None:
            del self._running[host, port]
            if isinstance(found, OSError):
                future.set_exception(found)
                future.exception()  # seen, should nobody be waiting any more
            else:
                future.set_result(found)

        def work() -> None:
            found = _look_up(host, port)
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, found)

        threading.Thread(target=work, name=f"shadowtap-lookup-{host}", daemon=True).start()
        return future


def _look_up(host: str, port: int) -> list[AddressInfo] | OSError:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:  # a label that IDNA does not allow
        return OSError("not a host name")
