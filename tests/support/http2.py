"""HTTP/2 for the recording shadow: ``RecordingShadow(serve=http2.serve(), tls=...)``."""

from __future__ import annotations

import time
from collections.abc import Callable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, RequestReceived, StreamEnded

from tests.support.messages import Recorded
from tests.support.shadow import Line

Body = Callable[[Recorded], bytes | None]
"""What to answer; ``None`` for a body without end."""

ALPN = ("h2", "http/1.1")


def serve(body: Body = lambda request: b"ok", *, streams: int = 100) -> Callable[[Line], None]:
    """Return what serves a connection: answers 200 with this body, to so many streams at a time."""
    return lambda line: _Connection(line, body, streams).run()


class _Connection:
    def __init__(self, line: Line, body: Body, streams: int) -> None:
        self._line = line
        self._body = body
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        self._h2.local_settings.max_concurrent_streams = streams
        self._requests: dict[int, tuple[list[tuple[bytes, bytes]], bytes]] = {}
        self._left: dict[int, bytes | None] = {}

    def run(self) -> None:
        self._h2.initiate_connection()
        self._flush()
        while data := self._line.take_some(65536):
            for event in self._h2.receive_data(data):
                if isinstance(event, ConnectionTerminated):
                    return
                self._handle(event)
            for stream in list(self._left):
                self._send_what_fits(stream)
            self._flush()

    def _handle(self, event: object) -> None:
        if isinstance(event, RequestReceived):
            self._requests[event.stream_id] = (list(event.headers), b"")
        elif isinstance(event, DataReceived):
            headers, body = self._requests[event.stream_id]
            self._requests[event.stream_id] = (headers, body + event.data)
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self._answer(event.stream_id)

    def _answer(self, stream: int) -> None:
        headers, body = self._requests.pop(stream)
        pseudo = dict(headers[:4])
        fields = [(b"host", pseudo[b":authority"]), *headers[4:]]
        request = Recorded(
            pseudo[b":method"].decode(), pseudo[b":path"], fields, body, self._line.number, time.monotonic()
        )
        self._line.shadow.record(request)
        self._h2.send_headers(stream, [(":status", "200"), ("content-type", "text/plain")])
        self._left[stream] = self._body(request)

    def _send_what_fits(self, stream: int) -> None:
        left = self._left[stream]
        while (window := self._h2.local_flow_control_window(stream)) > 0:
            size = min(window, self._h2.max_outbound_frame_size)
            part = b"x" * size if left is None else left[:size]
            left = left if left is None else left[size:]
            self._h2.send_data(stream, part, end_stream=left == b"")
            self._flush()
            if left == b"":
                del self._left[stream]
                return
        self._left[stream] = left

    def _flush(self) -> None:
        self._line.send(self._h2.data_to_send())
