"""Serve a WSGI app with the standard library's server.

Usage: ``python -m tests.support.wsgiref_server PORT MODULE:APP``
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from socketserver import ThreadingMixIn
from types import FrameType
from wsgiref.simple_server import WSGIServer, make_server


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """A thread for each connection, all of them waited for at the end."""

    daemon_threads = False


def main(port: str, app: str) -> None:
    """Serve until SIGTERM."""
    module, _, name = app.partition(":")
    server = make_server("127.0.0.1", int(port), getattr(import_module(module), name), ThreadingServer)

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    with server:
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
