"""Capture of a Django request, from within Django's own middleware chain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from shadowtap import shield
from shadowtap.capture import endpoint as routing
from shadowtap.capture import wsgi
from shadowtap.capture.capture import Capture
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.streams import InputTee


class DjangoCapture(Capture):
    """Notes what the view reads of a request, and its response."""

    _request: Any

    def watch_request(self, request: Any) -> None:
        """Stand between the view and the body; to be called before anything has read it."""
        self._request = request
        # On WSGI, Django gives a view nothing of a body without a length.
        readable = self.length is not None or hasattr(request, "scope")
        # Private, but the one name under which every Django since 1.5 keeps the stream.
        if not self.complete and readable and hasattr(request, "_stream"):
            request._stream = InputTee(request._stream, self)  # noqa: SLF001 - as above

    def watch_response(self, response: Any) -> None:
        """Note a response; a streaming one while it streams."""
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
        fields += [
            (b"Set-Cookie", morsel.OutputString().encode("latin-1")) for morsel in response.cookies.values()
        ]
        self.answering(response.status_code, tuple(fields))
        if not response.streaming:
            self.answer.add(response.content)
            self.end()
        elif getattr(response, "file_to_stream", None) is not None:
            # The server may send the file by itself, but only if nobody touches the iterator.
            self.finish()
        else:
            kind = WatchedAsync if getattr(response, "is_async", False) else Watched
            # Private; its setter would not know an iterator of ours from the view's own.
            chunks = kind(response._iterator, self, response.charset)  # noqa: SLF001 - as above
            response._iterator = chunks  # noqa: SLF001 - as above
            # Called by ``response.close()``, as the server must; an iterator that never began is not told.
            response._resource_closers.append(self.finish_shielded)  # noqa: SLF001 - as above

    def endpoint(self) -> routing.Endpoint:
        """Return what Django's resolver found."""
        return routing.from_django(self._request)

    def release(self) -> None:
        """Let go of the request, which refers to us by its stream."""
        self._request = None


class Noting:
    """Notes the chunks of a view's iterator; everything else about that is its own."""

    def __init__(self, chunks: Any, capture: DjangoCapture, charset: str) -> None:
        self._chunks = chunks
        self._capture = capture
        self._charset = charset

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chunks, name)

    def __del__(self) -> None:
        # Django on ASGI does not close a response whose client has gone away.
        self._capture.finish_shielded()

    def _note(self, chunk: Any) -> None:
        # As Django itself does after us.
        raw = isinstance(chunk, bytes | bytearray | memoryview)
        self._capture.answer.add(chunk if raw else str(chunk).encode(self._charset))


class Watched(Noting):
    """An iterator, passed on chunk by chunk."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            shield.shielded("capture", self._capture.end)
            raise
        except BaseException as error:
            self._capture.fail(error)
            raise
        shield.shielded("capture", self._note, chunk)
        return chunk


class WatchedAsync(Noting):
    """An asynchronous iterator, passed on chunk by chunk."""

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        try:
            chunk = await anext(self._chunks)
        except StopAsyncIteration:
            shield.shielded("capture", self._capture.end)
            raise
        except BaseException as error:
            self._capture.fail(error)
            raise
        shield.shielded("capture", self._note, chunk)
        return chunk


def begin(mirror: Mirror, request: Any) -> DjangoCapture | None:
    """Decide on a request; ``None`` when it is not captured, which is then accounted for."""
    scope = getattr(request, "scope", None)
    capture = wsgi.begin(mirror, request.META, DjangoCapture, scope)
    if capture is not None:
        capture.watch_request(request)
    return capture
