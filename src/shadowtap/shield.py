"""The one place that may catch everything: what fails here is ours and must not reach the app.

Troubles are logged once per kind and minute, with the number of those that were
not logged. An exception is named by its type and place, never by its message,
which may hold data of a request.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

INTERVAL = 60.0
"""Seconds between two log lines about the same kind of trouble."""

_log = logging.getLogger("shadowtap")
_lock = threading.RLock()
_next_line: dict[str, float] = {}
_silent: dict[str, int] = {}


def shielded(kind: str, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Call a piece of ours; when it raises, log that as trouble of this kind and return ``None``."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        report(kind, where(error))
        return None


def report(kind: str, text: str) -> None:
    """Log a trouble, at most once per kind and ``INTERVAL``."""
    now = time.monotonic()
    with _lock:
        if now < _next_line.get(kind, 0.0):
            _silent[kind] = _silent.get(kind, 0) + 1
            return
        _next_line[kind] = now + INTERVAL
        silent = _silent.pop(kind, 0)
    more = f" ({silent} more like it were not logged)" if silent else ""
    # Handlers and filters are the app's; where one fails, it must not be our caller who learns of it.
    with suppress(Exception):
        _log.warning("%s: %s%s", kind, text, more)


def forget() -> None:
    """Forget which troubles were logged, so that the next one of each kind is logged."""
    global _lock  # noqa: PLW0603 - in a forked child another thread of the parent may hold the old one
    _lock = threading.RLock()
    _next_line.clear()
    _silent.clear()


os.register_at_fork(after_in_child=forget)


def where(error: BaseException) -> str:
    """Name an exception by type and innermost place, without its message."""
    place = ""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" in {code.co_qualname} ({code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno})"
        traceback = traceback.tb_next
    return type(error).__name__ + place
