"""For ``PYTHONPATH``: names under ``.hangs.test`` are looked up without end, as where DNS is away."""

from __future__ import annotations

import socket
import threading

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *rest, **options):
    if isinstance(host, str) and host.endswith(".hangs.test"):
        threading.Event().wait()
    return _getaddrinfo(host, *rest, **options)


socket.getaddrinfo = getaddrinfo
