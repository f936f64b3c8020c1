"""Text from standard input or a file to standard output or a file, line by line."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from shadowtap.cli.source import InputError

MAX_LINE = 16 * 1024 * 1024
"""Characters."""


@contextmanager
def opened(file: str | None, encoding: str) -> Iterator[Iterator[str]]:
    """Give the lines of a file or of standard input, with their endings."""
    if file is None or file == "-":
        text = io.TextIOWrapper(sys.stdin.buffer, encoding, newline="")
        try:
            yield _lines(text)
        finally:
            text.detach()
        return
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from None
    with open(descriptor, encoding=encoding, newline="") as source:
        yield _lines(source)


def _lines(text: TextIO) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(MAX_LINE)
        except UnicodeDecodeError:
            raise InputError(
                f"line {number} or one soon after is not {text.encoding}: give --encoding"
            ) from None
        if not line:
            return
        if len(line) == MAX_LINE:
            raise InputError(f"line {number} has {MAX_LINE} characters or more")
        yield line


@contextmanager
def written(file: str | None, encoding: str) -> Iterator[TextIO]:
    """Give what writes to a file or to standard output; the file is there only when all went well."""
    if file is None:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding, "replace", newline="")
        try:
            yield text
        finally:
            text.flush()
            text.detach()
        return
    path, part = Path(file), Path(f"{file}.part")
    try:
        # Its owner alone may read it: it stands for people, if under other names.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None
    try:
        with open(descriptor, "w", encoding=encoding, errors="replace", newline="") as text:
            yield text
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
