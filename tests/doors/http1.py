"""An HTTP/1 client that sends any bytes and shows the exact bytes of the answers."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

Address = tuple[str, int]
_DATE = re.compile(rb"(?i)(\r\ndate: )\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT")


def mask(answers: bytes) -> bytes:
    """Take the date out of answers, which is the one thing that may differ."""
    return _DATE.sub(rb"\1*", answers)


def head(method: str, target: str, *fields: str, close: bool = True, version: str = "1.1") -> bytes:
    """Return the head of a request."""
    lines = [f"{method} {target} HTTP/{version}", "Host: shop.example", *fields]
    lines += ["Connection: close"] if close else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(target: str, body: bytes, *fields: str, method: str = "POST", close: bool = True) -> bytes:
    """Return a request with a body and its length."""
    return head(method, target, *fields, f"Content-Length: {len(body)}", close=close) + body


def chunked(target: str, *chunks: bytes, method: str = "POST") -> list[bytes]:
    """Return a request whose body comes in chunks, each of them a piece of its own."""
    pieces = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
    return [head(method, target, "Transfer-Encoding: chunked"), *pieces, b"0\r\n\r\n"]


def talk(address: Address, pieces: Iterable[bytes], *, half_close: bool = False) -> bytes:
    """Send pieces and return all that comes back until the server closes the connection."""
    answer = bytearray()
    with socket.create_connection(address, timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while data := connection.recv(65536):
                answer += data
    return bytes(answer)


class KeptAlive:
    """A connection for several requests, one after the other."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, timeout=30)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()

    def reset(self) -> None:
        """Go away at once, without reading what is under way."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def read_to_end(self) -> bytes:
        """Read until the server closes the connection."""
        return self._file.read()

    def send(self, *pieces: bytes) -> None:
        """Send bytes."""
        for piece in pieces:
            self._socket.sendall(piece)

    def read(self, size: int) -> bytes:
        """Read exactly so many bytes."""
        return self._file.read(size)

    def read_head(self) -> bytes:
        """Read one head, up to the empty line."""
        lines = [self._file.readline()]
        while lines[-1] not in (b"\r\n", b""):
            lines.append(self._file.readline())
        return b"".join(lines)

    def answer(self, *, bodiless: bool = False) -> bytes:
        """Read one answer, with what comes before the final one."""
        found = self.read_head()
        if re.match(rb"HTTP/1\.[01] 1\d\d", found):
            return found + self.answer(bodiless=bodiless)
        length = re.search(rb"(?im)^content-length: *(\d+)", found)
        if bodiless or re.match(rb"HTTP/1\.[01] (204|304)", found):
            return found
        if re.search(rb"(?im)^transfer-encoding: *chunked", found):
            return found + self._chunks()
        return found + (self.read(int(length.group(1))) if length else self._file.read())

    def _chunks(self) -> bytes:
        found = b""
        while True:
            line = self._file.readline()
            found += line
            size = int(line.strip() or b"0", 16)
            if not size:
                return found + self.read_head()
            found += self.read(size + 2)
