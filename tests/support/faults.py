"""What a broken shadow does: each of these serves a connection of ``RecordingShadow(serve=...)``.

Then there are two that are no servers at all: ``refusing_port`` and ``deaf_port``.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support.messages import reply
from tests.support.shadow import Line

Fault = Callable[[Line], None]


def hang(line: Line) -> None:
    """Read the request and never answer."""
    line.read_request()
    line.wait_for_peer()


def read_nothing(line: Line) -> None:
    """Accept, and neither read nor answer."""
    line.wait_for_stop()


def answer_unread(line: Line) -> None:
    """Answer at the sight of the head, keep the connection, and read no body."""
    line.read_head()
    line.send(reply(413))
    line.wait_for_stop()


def close_unanswered(line: Line) -> None:
    """Read the request and close."""
    line.read_request()


def reset(line: Line) -> None:
    """Reset the connection at the sight of the head."""
    line.read_head()
    line.reset()


def reset_in_answer(line: Line) -> None:
    """Reset in the middle of the answer."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of")
    line.reset()


def end_in_answer(line: Line) -> None:
    """Close before the promised end of the answer."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of")


def garbage(line: Line) -> None:
    """Answer with what is not HTTP."""
    line.read_request()
    line.send(b"SSH-2.0-OpenSSH_9.6\r\n\x00\x01\x02\x03\r\n\r\n")
    line.wait_for_peer()


def bad_chunks(line: Line) -> None:
    """Answer in chunks whose sizes are no numbers."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nwhat\r\n")
    line.wait_for_peer()


def switch_protocols(line: Line) -> None:
    """Answer 101 and go on in some other protocol."""
    line.read_request()
    line.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    while True:
        line.send(b"\x81\x05hello" * 1000)


def continue_first(line: Line) -> None:
    """Send 100, 102 and 103 before each answer."""
    while line.read_request() is not None:
        line.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")
        line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + reply())


def continue_for_ever(line: Line) -> None:
    """Send 100 again and again, and no answer."""
    line.read_request()
    while True:
        line.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def endless_head(line: Line) -> None:
    """Send header fields without end."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.send(b"X-More: and more\r\n" * 1000)


def endless_field(line: Line) -> None:
    """Send one header field without end."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        line.send(b"x" * 65536)


def endless_body(line: Line) -> None:
    """Send a body without end, as fast as it is taken."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        line.send(b"x" * 65536)


def endless_chunks(line: Line) -> None:
    """Send chunks without end."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def slow_drip(line: Line) -> None:
    """Send a byte of the body every few milliseconds, without end."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.send(b"1\r\nx\r\n")
        line.pause(0.02)


def slow_head(line: Line) -> None:
    """Send a byte of the head every few milliseconds, and never its end."""
    line.read_request()
    line.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        line.send(b"x")
        line.pause(0.02)


def gzip_bomb(line: Line) -> None:
    """Answer each request with 64 MiB of zeros, compressed to 64 KiB."""
    body = gzip.compress(bytes(64 * 1024 * 1024))
    while line.read_request() is not None:
        line.send(reply(headers=[("Content-Encoding", "gzip")], body=body))


def answers_then_closes(number: int) -> Fault:
    """Answer so many requests per connection and then close it without a word."""

    def serve(line: Line) -> None:
        for _ in range(number):
            if line.read_request() is None:
                return
            line.send(reply())

    return serve


@contextmanager
def refusing_port() -> Iterator[int]:
    """Give a port where connections are refused: bound, so that nobody else gets it, but not listening."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@contextmanager
def deaf_port() -> Iterator[int]:
    """Give a port where connecting hangs: nobody accepts, and the queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            yield port
        finally:
            for filler in fillers:
                filler.close()
