"""Compressed bodies: opened a piece at a time, so that a bomb never inflates."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from shadowtap.exceptions import UnsupportedBody

MAX_SIZE = 10 * 1024 * 1024
"""Bytes of a body after it was opened."""

MAX_RATIO = 100
"""Times that a body may grow."""

_MAX_LAYERS = 2
_MAX_MEMBERS = 8
"""Streams that follow one another in a body; each costs a copy of the rest."""

_STEP = 64 * 1024
_FEW_BYTES = 32
_MAX_WINDOW = 8 * 1024 * 1024
"""Bytes that a zstd frame may look back, as RFC 9659 has it for HTTP."""


class _Damaged(Exception):
    """The content is not what its coding says, or not all of it."""


def opened(body: bytes, codings: Sequence[str]) -> bytes:
    """Return a body without its content codings, named in the order in which they were applied.

    Raises ``UnsupportedBody`` for an unknown coding, for damaged content and
    for a bomb.
    """
    layers = [name for name in (coding.strip().lower() for coding in codings) if name not in ("", "identity")]
    if len(layers) > _MAX_LAYERS:
        raise UnsupportedBody(f"body: compressed more than {_MAX_LAYERS} times")
    for layer in reversed(layers):
        body = _open(body, layer)
    return body


def _open(body: bytes, layer: str) -> bytes:
    coding = _CODINGS.get(layer)
    if coding is None:
        raise UnsupportedBody("body: compression is not understood")
    limit = min(MAX_SIZE, MAX_RATIO * len(body))
    try:
        return _gathered(coding(body), limit)
    except _Damaged:
        raise UnsupportedBody("body: compression is damaged") from None


def _gathered(pieces: Iterator[bytes], limit: int) -> bytes:
    found: list[bytes] = []
    for piece in pieces:
        limit -= len(piece)
        if limit < 0:
            raise UnsupportedBody("body: compressed too well")
        found.append(piece)
    return b"".join(found)


def _gzip(body: bytes) -> Iterator[bytes]:
    """Open the members of a gzip file one after the other."""
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflated(member, body)
        body = member.unused_data
        if not body:
            return
    raise _Damaged


def _deflate(body: bytes) -> Iterator[bytes]:
    """Open zlib's format, which the standard means, or the raw one, which some clients send."""
    try:
        zlib.decompressobj().decompress(body, 1)
    except zlib.error:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
    else:
        stream = zlib.decompressobj()
    yield from _inflated(stream, body)
    if stream.unused_data:
        raise _Damaged


def _inflated(stream: Any, body: bytes) -> Iterator[bytes]:
    while not stream.eof:
        try:
            piece = stream.decompress(body, _STEP)
        except zlib.error:
            raise _Damaged from None
        body = stream.unconsumed_tail
        if not piece and not body and not stream.eof:
            raise _Damaged
        yield piece


def _brotli(body: bytes) -> Iterator[bytes]:
    brotli = _first_of("br", "brotli", "brotlicffi")
    stream = brotli.Decompressor()
    try:
        # Releases before 1.2 cannot be told to stop.
        piece = stream.process(body, output_buffer_limit=_STEP)
    except TypeError:
        raise _no_decoder("br") from None
    except brotli.error:
        raise _Damaged from None
    while piece:
        yield piece
        try:
            piece = stream.process(b"", output_buffer_limit=_STEP)
        except brotli.error:
            raise _Damaged from None
    if not stream.is_finished():
        raise _Damaged


def _zstd(body: bytes) -> Iterator[bytes]:
    zstd = _first_of("zstd", "compression.zstd", "backports.zstd", "zstandard")
    if not hasattr(zstd, "DecompressionParameter"):
        yield from _zstandard(zstd, body)
        return
    options = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW.bit_length() - 1}
    for _ in range(_MAX_MEMBERS):
        frame = zstd.ZstdDecompressor(options=options)
        data = body
        while not frame.eof:
            try:
                piece = frame.decompress(data, _STEP)
            except zstd.ZstdError:
                raise _Damaged from None
            data = b""
            if not piece and frame.needs_input:
                raise _Damaged
            yield piece
        body = frame.unused_data
        if not body:
            return
    raise _Damaged


def _zstandard(zstd: Any, body: bytes) -> Iterator[bytes]:
    """Open a frame a few bytes at a time: each four may be 128 KB, and there is no other bound."""
    frame = zstd.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj()
    for start in range(0, len(body), _FEW_BYTES):
        try:
            yield frame.decompress(body[start : start + _FEW_BYTES])
        except zstd.ZstdError:
            raise _Damaged from None
    if not frame.eof or frame.unused_data:
        raise _Damaged


def _first_of(coding: str, *names: str) -> Any:
    """Import the first of some packages that is there; none of them is a dependency."""
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise _no_decoder(coding)


def _no_decoder(coding: str) -> UnsupportedBody:
    return UnsupportedBody(f"body: compressed with {coding}, for which no decoder is installed")


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
