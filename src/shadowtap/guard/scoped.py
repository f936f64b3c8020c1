"""Parts of an answer whose code runs after the app has returned: it still belongs to the shadow request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from shadowtap.guard.shadow_request import ShadowRequest


class ScopedChunks:
    """An iterable answer; everything but its iteration and its end is the app's own."""

    def __init__(self, result: Iterable[bytes], request: ShadowRequest) -> None:
        self._result: Any = result
        self._request = request
        self._iterator: Iterator[bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)

    def __iter__(self) -> Iterator[bytes]:
        with self._request.inside():
            self._iterator = iter(self._result)
        return self

    def __next__(self) -> bytes:
        with self._request.inside():
            if self._iterator is None:
                self._iterator = iter(self._result)
            return next(self._iterator)

    def close(self) -> None:
        """Close the app's iterable, as the server must (PEP 3333)."""
        close_scoped(self._result, self._request)


class SizedScopedChunks(ScopedChunks):
    """The same for a collection: servers derive a Content-Length from one of a single chunk."""

    def __len__(self) -> int:
        return len(self._result)


class ScopedFile:
    """A file that the server may send by itself, by its ``fileno``; else it reads, and closes in any case."""

    def __init__(self, file: Any, request: ShadowRequest) -> None:
        self._file = file
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, *args: Any) -> bytes:
        """Read as the file does."""
        with self._request.inside():
            chunk: bytes = self._file.read(*args)
        return chunk

    def close(self) -> None:
        """Close the file, if it can be closed."""
        close_scoped(self._file, self._request)


class ScopedStream:
    """An asynchronous iterator of chunks."""

    def __init__(self, chunks: AsyncIterator[Any], request: ShadowRequest) -> None:
        self._chunks = chunks
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chunks, name)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        with self._request.inside():
            return await anext(self._chunks)


def close_scoped(thing: Any, request: ShadowRequest) -> None:
    """Close what can be closed, as a part of the shadow request, which ends with it."""
    try:
        close = getattr(thing, "close", None)
        if close is not None:
            with request.inside():
                close()
    finally:
        request.end()
