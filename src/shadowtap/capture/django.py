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

    __slots__ = ("_request",)

    _request: Any

    def watch_request(self, request: Any) -> None:
        """Stand between the view and the body; to be called before anything has read it."""
        self._request = request
        if not self.complete:
            # Private, but the one name under which every Django since 1.5 keeps the stream.
            stream = InputTee(request._stream, self, wsgi.content_length(request.META))  # noqa: SLF001 - as above
            request._stream = stream  # noqa: SLF001 - as above

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
        elif getattr(response, "is_async", False):
            response.streaming_content = self._noted_async(response.streaming_content)
        else:
            response.streaming_content = self._noted(response.streaming_content)

    def _noted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                yield chunk
                shield.shielded("capture", self.answer.add, chunk)
            shield.shielded("capture", self.end)
        finally:
            self.finish_shielded()

    async def _noted_async(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        try:
            async for chunk in chunks:
                yield chunk
                shield.shielded("capture", self.answer.add, chunk)
            shield.shielded("capture", self.end)
        finally:
            self.finish_shielded()

    def endpoint(self) -> routing.Endpoint:
        """Return what Django's resolver found."""
        return routing.from_django(self._request)


def begin(mirror: Mirror, request: Any) -> DjangoCapture | None:
    """Decide on a request; ``None`` when it is not captured, which is then accounted for."""
    scope = getattr(request, "scope", None)
    capture = wsgi.begin(mirror, request.META, DjangoCapture, scope)
    if capture is not None:
        capture.watch_request(request)
    return capture
