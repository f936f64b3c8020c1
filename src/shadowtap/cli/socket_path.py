"""The ``unix:///path`` form of a socket's address, as an argument's type."""

from __future__ import annotations

import argparse


def socket_path(text: str) -> str:
    """Return the path in ``unix:///path``."""
    path = text.removeprefix("unix://")
    if path == text or not path.startswith("/"):
        raise argparse.ArgumentTypeError("expected unix:///path/of/socket")
    if len(path.encode()) > 107:
        raise argparse.ArgumentTypeError("a socket's path has at most 107 bytes")
    return path
