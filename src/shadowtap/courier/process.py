"""The process around the pipeline: priority, sockets, signals, and an end that comes in time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from shadowtap.courier.client import Client
from shadowtap.courier.lifeline import no_core
from shadowtap.courier.listener import Listener
from shadowtap.courier.pipeline import Courier
from shadowtap.courier.place import status_path
from shadowtap.exceptions import CourierError
from shadowtap.peer import peer_pid
from shadowtap.telemetry.sdk import from_environment

_log = logging.getLogger("shadowtap.courier")


def run(*, parent: socket.socket | None = None, listen: str | None = None) -> int:
    """Serve until the parent is gone, or until SIGTERM or SIGINT; return the exit status.

    Args:
        parent: Socket to the web process that started us.
        listen: Path of the socket to listen at, for a shared courier.
    """
    logging.basicConfig(format="%(asctime)s shadowtap courier[%(process)d] %(levelname)s: %(message)s")
    # A child's troubles are logged by its parent. Other libraries' chatter stays out of either.
    logging.getLogger("shadowtap").setLevel(logging.INFO if listen else logging.ERROR)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    no_core()
    try:
        asyncio.run(_serve(parent, listen))
    except CourierError as error:
        _log.error("%s", error)
        return 1
    # Threads may hang in a resolver: nobody is to wait for them.
    logging.shutdown()
    os._exit(0)


async def _serve(parent: socket.socket | None, listen: str | None) -> None:
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ending.set)
    if listen is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGINT, ending.set)
    sdk = from_environment() if listen is not None else None  # a child reports through its web process
    courier = Courier(sdk.meter if sdk else None)
    listener = await _listener(courier, listen)
    try:
        if parent is not None:
            client = Client(courier)
            await loop.create_connection(lambda: client, sock=parent)
            await _first(ending.wait(), client.gone.wait(), courier.broken(), _orphaned(peer_pid(parent)))
        else:
            _log.info("listening at %s", listen)
            await _first(ending.wait(), courier.broken())
        await courier.close()
    finally:
        if listener is not None:
            listener.close()
        if sdk is not None:
            sdk.shutdown()


async def _listener(courier: Courier, listen: str | None) -> Listener | None:
    if listen is not None:
        return await Listener.start(courier, Path(listen))
    try:
        return await Listener.start(courier, status_path(os.getpid()))
    except (CourierError, OSError):
        return None  # only `shadowtap status` would have used it


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _orphaned(web: int | None) -> None:
    """Return when the web process has died, even if one that it forked still holds its end of the socket.

    It may have died before we could look, hence its id from the socket.
    """
    parent = os.getppid()
    while os.getppid() == parent and _exists(web):  # noqa: ASYNC110 - the kernel has to be asked
        await asyncio.sleep(0.5)


def _exists(pid: int | None) -> bool:
    try:
        os.kill(pid or os.getpid(), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
