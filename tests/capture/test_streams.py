"""The input that stands before the server's own: reads alike, and sees all that is read."""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.capture.capture import Tee, WholeTee
from shadowtap.capture.streams import InputTee


class Noted:
    """What a stream tells of a capture."""

    def __init__(self, length: int | None) -> None:
        self.body = WholeTee(10**6)
        self.length = length
        self.complete = False
        self.aborted = False


class Dribble:
    """A stream that gives at most three bytes at once, as some servers do; it is no iterator."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size if 0 <= size < 3 else 3 if size > 0 else -1)

    def readline(self, size: int = -1) -> bytes:
        return self._content.readline(size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return self._content.readlines(hint)

    def __iter__(self) -> Any:
        return iter(self._content)


class Raw(RawIOBase):
    """What a server reads from."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


STREAMS: list[Callable[[bytes], Any]] = [BytesIO, Dribble, lambda content: BufferedReader(Raw(content))]

CALLS = st.one_of(
    st.just(("read",)),
    st.just(("readline",)),
    st.just(("readlines",)),
    st.just(("next",)),
    st.tuples(st.just("read"), st.integers(-1, 20)),
    st.tuples(st.just("read1"), st.integers(0, 20)),
    st.tuples(st.just("readinto"), st.integers(0, 20)),
    st.tuples(st.just("readinto1"), st.integers(0, 20)),
    st.tuples(st.just("readline"), st.integers(-1, 20)),
    st.tuples(st.just("readlines"), st.integers(-1, 20)),
)


def perform(stream: Any, call: tuple[Any, ...]) -> Any:
    """Call a method of a stream; the end of an iteration is a result like others."""
    if call[0] == "next":
        return next(iter(stream), "end")
    if not hasattr(stream, call[0]):
        return b""
    if call[0].startswith("readinto"):
        buffer = bytearray(call[1])
        return bytes(buffer[: getattr(stream, call[0])(buffer)])
    return getattr(stream, call[0])(*call[1:])


@given(
    content=st.binary(max_size=60).map(lambda data: data.replace(b"\x01", b"\n")),
    kind=st.sampled_from(STREAMS),
    calls=st.lists(CALLS, max_size=12),
    knows=st.booleans(),
)
def test_it_reads_like_the_stream_and_notes_all_that_is_read(
    content: bytes, kind: Callable[[bytes], Any], calls: list[tuple[Any, ...]], knows: bool
) -> None:
    noted = Noted(len(content) if knows else None)
    bare, watched = kind(content), InputTee(kind(content), noted)  # type: ignore[arg-type]
    read = b""
    for call in calls:
        result = perform(bare, call)
        assert perform(watched, call) == result
        read += b"".join(result) if isinstance(result, list) else b"" if result == "end" else result
    assert b"".join(noted.body.chunks) == read
    if noted.complete and content:
        assert read == content, "complete only when all of it has passed by"
    if knows and content and read == content:
        assert noted.complete
        assert not noted.aborted


WAYS: dict[str, Callable[[Any], object]] = {
    "at once": lambda stream: stream.read(),
    "by its length": lambda stream: stream.read(20),
    "by its length, by name": lambda stream: stream.read(size=20),
    "with a minus": lambda stream: stream.read(-1),
    "with nothing": lambda stream: stream.read(None),
    "in pieces": lambda stream: [stream.read(5) for _ in range(4)],
    "by lines": lambda stream: [stream.readline() for _ in range(4)],
    "by all lines": lambda stream: stream.readlines(),
    "as an iterator": list,
    "into a buffer": lambda stream: [stream.readinto(bytearray(5)) for _ in range(4)],
    "as much as is there": lambda stream: [stream.read1(5) for _ in range(4)],
}


class Named(BytesIO):
    """A stream that takes its arguments by name, as gunicorn's does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("length", [12, None])
def test_a_body_is_complete_however_it_is_read(way: str, length: int | None) -> None:
    noted = Noted(length)
    WAYS[way](InputTee(Named(b"first\nsecond"), noted))  # type: ignore[arg-type]
    assert b"".join(noted.body.chunks) == b"first\nsecond"
    ends_unseen = length is None and way.startswith("by its length")
    assert noted.complete is not ends_unseen
    assert not noted.aborted


@pytest.mark.parametrize("way", WAYS)
def test_a_body_that_ends_early_is_aborted_however_it_is_read(way: str) -> None:
    noted = Noted(20)
    WAYS[way](InputTee(Named(b"first\nsecond"), noted))  # type: ignore[arg-type]
    assert noted.aborted
    assert not noted.complete


def test_a_stream_that_gives_less_than_was_asked_for_may_still_go_on() -> None:
    noted = Noted(5)
    stream = InputTee(Dribble(b"hello"), noted)  # type: ignore[arg-type]
    assert stream.read(5) == b"hel"
    assert noted.aborted
    assert stream.read(5) == b"lo"
    assert (noted.complete, noted.aborted) == (True, False)


def test_to_read_nothing_says_nothing() -> None:
    noted = Noted(None)
    stream = InputTee(BytesIO(b"hello"), noted)  # type: ignore[arg-type]
    assert (stream.read(0), stream.readline(0)) == (b"", b"")
    assert not noted.complete


def test_what_the_server_adds_is_there_and_what_it_lacks_is_not() -> None:
    stream = InputTee(BytesIO(b"hello"), Noted(5))  # type: ignore[arg-type]
    assert stream.readable()
    assert stream.seek(0) == 0
    dribble = InputTee(Dribble(b""), Noted(5))  # type: ignore[arg-type]
    assert not any(hasattr(dribble, name) for name in ("readable", "readinto", "read1", "readall"))


def test_what_is_read_past_it_counts_as_unread() -> None:
    noted = Noted(5)
    stream = InputTee(BytesIO(b"hello"), noted)  # type: ignore[arg-type]
    assert stream.getvalue() == b"hello"
    assert not noted.complete


@given(st.lists(st.binary(max_size=30)), st.integers(0, 100), st.sampled_from([Tee, WholeTee]))
def test_a_tee_keeps_all_up_to_its_limit(chunks: list[bytes], limit: int, kind: type[Tee]) -> None:
    tee = kind(limit)
    for chunk in chunks:
        tee.add(chunk)
    whole = b"".join(chunks)
    assert tee.size == len(whole)
    assert tee.over is (len(whole) > limit)
    kept = b"".join(tee.chunks)
    assert kept == whole if not tee.over else whole.startswith(kept) and len(kept) <= limit
    assert kind is Tee or not tee.over or not kept


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_tee_keeps_what_a_chunk_was(kind: Any) -> None:
    content = bytearray(b"hello")
    tee = Tee(10)
    tee.add(kind(content))
    content[:] = b"other"
    assert tee.chunks == [b"hello"]


def test_a_tee_that_was_dropped_keeps_nothing_more() -> None:
    tee = Tee(10)
    tee.add(b"hello")
    tee.drop()
    tee.add(b"x")
    assert tee.chunks == []
