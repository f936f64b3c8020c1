"""What a command reads: standard input or a file."""

from __future__ import annotations

import sys
from pathlib import Path

from shadowtap.exceptions import ShadowtapError

MAX_BYTES = 256 * 1024 * 1024
"""Of what is read as a whole."""


class InputError(ShadowtapError):
    """A command cannot use what it was given; the message never holds a value of it."""


def read(file: str | None) -> bytes:
    """Return all of a file, or of standard input when it is ``None`` or ``-``.

    Raises:
        InputError: it cannot be read or is too large.
    """
    try:
        if file is None or file == "-":
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES} bytes")
    return content
