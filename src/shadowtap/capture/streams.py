"""A readable stream that is noted while the app reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from shadowtap import shield
from shadowtap.capture.capture import Capture

T = TypeVar("T")


class InputTee:
    """Stands for ``wsgi.input`` (or Django's stream): reads when the app reads, and notes what came.

    Beside the methods of PEP 3333 it has those of ``io`` that the server's own
    stream has (Werkzeug takes ``readinto`` where it finds it). Everything else is
    the server's; what an app reads in such a way is not seen, so its request
    counts as ``body_unread``.
    """

    def __init__(self, stream: Any, capture: Capture) -> None:
        self._stream = stream
        self._capture = capture
        self._left = capture.length

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._stream, name)
        if name in ("readinto", "readinto1"):
            return partial(self._read_into, found)
        return partial(self._read_some, found) if name in ("read1", "readall") else found

    def _read_into(self, read: Callable[..., int | None], buffer: Any) -> int | None:
        number = self._watched(read, buffer)
        shield.shielded("capture", self._note_buffer, buffer, number)
        return number

    def _note_buffer(self, buffer: Any, number: int | None) -> None:
        with memoryview(buffer).cast("B") as view:
            self._note(bytes(view[: number or 0]), number == 0 and len(view) > 0)

    def _read_some(self, read: Callable[..., bytes | None], *args: Any) -> bytes | None:
        chunk = self._watched(read, *args)
        shield.shielded("capture", self._note, chunk or b"", chunk == b"" and 0 not in args)
        return chunk

    def read(self, *args: Any, **kwargs: Any) -> bytes:
        """Read as the stream does."""
        chunk: bytes = self._watched(self._stream.read, *args, **kwargs)
        shield.shielded("capture", self._note_read, chunk, *args, *kwargs.values())
        return chunk

    def readline(self, *args: Any, **kwargs: Any) -> bytes:
        """Read a line as the stream does."""
        line: bytes = self._watched(self._stream.readline, *args, **kwargs)
        shield.shielded("capture", self._note, line, not line and 0 not in (*args, *kwargs.values()))
        return line

    def readlines(self, *args: Any, **kwargs: Any) -> list[bytes]:
        """Read lines as the stream does."""
        lines: list[bytes] = self._watched(self._stream.readlines, *args, **kwargs)
        for line in lines:
            shield.shielded("capture", self._note, line, False)
        if not lines or not (args or kwargs):
            shield.shielded("capture", self._ended)
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if hasattr(self._stream, "__next__"):
            line: bytes = self._watched(self._stream.__next__)
            shield.shielded("capture", self._note, line, False)
            return line
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _watched(self, read: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        try:
            return read(*args, **kwargs)
        except StopIteration:
            shield.shielded("capture", self._ended)
            raise
        except BaseException:
            # The server's way to say that the client has gone away.
            self._capture.aborted = True
            raise

    def _note_read(self, chunk: bytes, size: int | None = None) -> None:
        whole = size is None or size < 0
        # A file reads less than was asked for at its end alone. Where no length says that more must come,
        # only the empty read counts: not every server's stream is quite like a file.
        short = size is not None and len(chunk) < size and (not chunk or self._left is not None)
        self._note(chunk, whole or short)

    def _note(self, chunk: bytes, at_end: bool) -> None:
        self._capture.body.add(chunk)
        if self._left is not None:
            self._left -= len(chunk)
            if self._left <= 0:
                self._capture.complete = True
                self._capture.aborted = False
                return
        if at_end:
            self._ended()

    def _ended(self) -> None:
        """The stream is at its end: with a length that was not reached, the client has gone away."""
        if self._left is None or self._left <= 0:
            self._capture.complete = True
        else:
            self._capture.aborted = True
