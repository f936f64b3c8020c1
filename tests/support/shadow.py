"""A shadow over raw sockets: it records what arrives to the byte, and misbehaves on request.

    with RecordingShadow() as shadow:
        ...                                  # send to shadow.url
        first, second = shadow.wait_for(2)
        assert first.target == b"/orders?page=1" and first.header("host") == b"..."
        assert shadow.connections == 1

    RecordingShadow(lambda request: reply(503, body=b"busy"))       # other answers
    RecordingShadow(serve=faults.hang)                              # see tests.support.faults
    RecordingShadow(tls=certificates.context("127.0.0.1"))          # see tests.support.certificates

One daemon thread for each connection. Nothing sleeps: what waits is woken by
the event that it waits for, or by the end of the ``with`` block.
"""

from __future__ import annotations

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.support.messages import Answer, Recorded, ok, parse_head, reply

__all__ = ["Line", "Recorded", "RecordingShadow", "reply"]


class Line:
    """A connection, as the function that serves it sees it. Its waiting ends when the shadow stops."""

    def __init__(self, shadow: RecordingShadow, sock: socket.socket, number: int) -> None:
        self.shadow = shadow
        self.number = number
        self._sock = sock
        self._rest = b""

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def pause(self, seconds: float) -> None:
        """Let time pass, as a slow server does."""
        if self.shadow.stopping.wait(seconds):
            raise ConnectionAbortedError

    def wait_for_peer(self) -> None:
        """Read and drop until the other side has closed."""
        while self._sock.recv(65536):
            pass

    def wait_for_stop(self) -> None:
        """Do nothing, not even read, until the shadow stops."""
        self.shadow.stopping.wait()

    def take_some(self, size: int) -> bytes:
        """Read at most so much; empty at the end of the connection."""
        return self._sock.recv(size)

    def closed_by_peer(self) -> bool:
        """Tell whether the other side has given the connection up, without reading anything."""
        poll = select.poll()
        poll.register(self._sock, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
        return bool(poll.poll(0))

    def reset(self) -> None:
        """End the connection with RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def close(self) -> None:
        """End the connection with FIN."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def read_head(self) -> bytes:
        """Read a request's head; empty at the end of the connection."""
        while b"\r\n\r\n" not in self._rest:
            if not self._more():
                return b""
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head

    def read_request(self) -> Recorded | None:
        """Read and record a request; ``None`` at the end of the connection."""
        head = self.read_head()
        if not head:
            return None
        method, target, fields = parse_head(head)
        body = self._body({name.lower(): value for name, value in fields})
        request = Recorded(method, target, fields, body, self.number, time.monotonic(), head)
        self.shadow.record(request)
        return request

    def _body(self, fields: dict[bytes, bytes]) -> bytes:
        if b"chunked" not in fields.get(b"transfer-encoding", b""):
            return self._take(int(fields.get(b"content-length", b"0")))
        body = b""
        while size := int(self._take_line(), 16):
            body += self._take(size)
            self._take_line()
        self._take_line()
        return body

    def _take(self, size: int) -> bytes:
        parts = [self._rest]
        missing = size - len(self._rest)
        while missing > 0:
            part = self._sock.recv(min(missing, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]

    def _take_line(self) -> bytes:
        while b"\r\n" not in self._rest:
            if not self._more():
                raise EOFError
        line, _, self._rest = self._rest.partition(b"\r\n")
        return line

    def _more(self) -> bool:
        part = self._sock.recv(65536)
        self._rest += part
        return bool(part)


class RecordingShadow:
    """An HTTP/1.1 server that records.

    Args:
        answer: what to answer, given the request: the raw bytes. ``200 ok`` unless given.
        serve: serves a connection instead of reading requests and answering them.
        tls: makes it an ``https`` server.
        host: where it listens.
        receive_buffer: bytes that the kernel takes for a server that does not read.
    """

    def __init__(
        self,
        answer: Answer | None = None,
        *,
        serve: Callable[[Line], None] | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        receive_buffer: int | None = None,
    ) -> None:
        self.answer = answer or ok
        self.stopping = threading.Event()
        self.requests: list[Recorded] = []
        self.connections = 0
        """How many connections were accepted."""
        self.open = 0
        """How many of them are open."""
        self.most_open = 0
        """How many were open at the same time, at most."""
        self._serve = serve or self._answer_all
        self._tls = tls
        self._changed = threading.Condition()
        self._lines: dict[threading.Thread, socket.socket] = {}
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family)
        if receive_buffer is not None:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((host, 0))
        self._listener.listen(128)
        self.host = f"[{host}]" if ":" in host else host
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        with self._changed:
            lines = dict(self._lines)
        for thread, sock in lines.items():
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            thread.join(10)

    def record(self, request: Recorded) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def wait_for(self, number: int, timeout: float = 10.0) -> list[Recorded]:
        """Wait until this many requests have arrived, and return all there are."""
        self._wait(lambda: len(self.requests) >= number, timeout, f"{number} requests")
        return list(self.requests)

    def wait_for_connections(self, number: int, timeout: float = 10.0) -> None:
        """Wait until this many connections have been accepted."""
        self._wait(lambda: self.connections >= number, timeout, f"{number} connections")

    def wait_until_closed(self, timeout: float = 10.0) -> None:
        """Wait until all connections have ended."""
        self._wait(lambda: not self.open, timeout, "the end of all connections")

    def _wait(self, come_true: Callable[[], bool], timeout: float, what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(come_true, timeout):
                counts = f"{len(self.requests)} requests, {self.connections} connections, {self.open} open"
                raise AssertionError(f"waited {timeout} s for {what}; there are {counts}")

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self._tls is not None:  # the handshake is the thread's
                sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            with self._changed:
                self.connections += 1
                self.open += 1
                self.most_open = max(self.most_open, self.open)
                thread = threading.Thread(target=self._run, args=(sock, self.connections), daemon=True)
                self._lines[thread] = sock
                self._changed.notify_all()
            thread.start()

    def _run(self, sock: socket.socket, number: int) -> None:
        # The shadow stops, or the other side is gone: both end a connection at any point.
        with suppress(OSError, EOFError), sock:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            self._serve(Line(self, sock, number))
        with self._changed:
            self.open -= 1
            self._lines.pop(threading.current_thread())
            self._changed.notify_all()

    def _answer_all(self, line: Line) -> None:
        while (request := line.read_request()) is not None:
            line.send(self.answer(request))
