"""The process around the pipeline: priority, sockets, signals, and an end that comes in time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from shadowtap.courier.client import Client
from shadowtap.courier.listener import Listener
from shadowtap.courier.pipeline import Courier
from shadowtap.courier.place import status_path
from shadowtap.exceptions import CourierError
from shadowtap.telemetry.sdk import from_environment

EX_CONFIG = 78
"""Exit status when a dependency is missing (sysexits.h)."""

_log = logging.getLogger("shadowtap.courier")


def run(*, parent: socket.socket | None = None, listen: str | None = None, priority: str = "idle") -> int:
    """Serve until the parent is gone, or until SIGTERM or SIGINT; return the exit status.

    Args:
        parent: Socket to the web process that started us.
        listen: Path of the socket to listen at, for a shared courier.
        priority: How to share the processor: ``idle``, ``low`` or ``normal``.
    """
    logging.basicConfig(
        # A child's troubles are logged by its parent.
        level=logging.INFO if listen else logging.ERROR,
        format="%(asctime)s shadowtap courier[%(process)d] %(levelname)s: %(message)s",
    )
    missing = missing_dependency()
    if missing is not None:
        _log.error("%s", missing)
        return EX_CONFIG
    lower(priority)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    sys.setswitchinterval(
        0.001
    )  # redaction runs in a thread beside the loop, which must not wait long for it
    try:
        asyncio.run(_serve(parent, listen))
    except CourierError as error:
        _log.error("%s", error)
        return 1
    # Threads may hang in a resolver or a hostile regular expression: nobody is to wait for them.
    logging.shutdown()
    os._exit(0)


def missing_dependency() -> str | None:
    """Return what has to be installed for a courier, if anything."""
    from importlib.util import find_spec

    needed = ("presidio_analyzer", "httpx", "aiohttp", "httpx_aiohttp", "phonenumbers")
    missing = [name for name in needed if find_spec(name) is None]
    if not missing:
        return None
    packages = " ".join(name.replace("_", "-") for name in missing)
    return f"the courier needs {packages}: pip install shadowtap, without --no-deps"


def lower(priority: str) -> None:
    """Yield the processor to the app: whenever it wants it, mostly, or not at all."""
    if priority != "normal":
        with suppress(OSError, AttributeError):
            os.nice(19)
    if priority == "idle":
        with suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


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
            await _first(ending.wait(), client.gone.wait(), _orphaned())
        else:
            _log.info("listening at %s", listen)
            await ending.wait()
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


async def _orphaned() -> None:
    """Return when the parent has died, even if a process it forked still holds its end of the socket."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel has to be asked
        await asyncio.sleep(0.5)
