"""Apps that answer in each way that PEP 3333 knows, and a server that notes what it sees of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import FileWrapper

from tests.support.calling import wsgi_environ

OK = ("200 OK", [("Content-Type", "text/plain"), ("X-Twice", "1"), ("X-Twice", "2")])


class Odd(BaseException):
    """Nothing that a broad except would catch."""


class Server:
    """Serves one request and notes each event.

    Args:
        chunks: After so many of them the client goes away.
    """

    def __init__(self, chunks: int | None = None) -> None:
        self._chunks = chunks
        self.events: list[Any] = []

    def serve(self, app: Callable[..., Any]) -> None:
        """Call the app, iterate its answer and close it."""
        environ = wsgi_environ("POST", "/path?query", [("X-Header", "x")], b"hello")
        environ["wsgi.file_wrapper"] = FileWrapper
        environ["test.events"] = self.events
        result = None
        try:
            result = app(environ, self.start_response)
            self.look_at(result)
            for number, chunk in enumerate(result):
                if number == self._chunks:
                    break
                self.events.append(("chunk", chunk))
        except BaseException as error:
            self.events.append(("raised", type(error), str(error)))
        finally:
            self.close(result)

    def look_at(self, result: Any) -> None:
        """Note what a server looks at before it iterates."""
        try:
            self.events.append(("length", len(result)))
        except TypeError:
            self.events.append("no length")
        self.events.append(("file", isinstance(result, FileWrapper)))
        self.events.append(("fileno", hasattr(result, "fileno")))

    def close(self, result: Any) -> None:
        """Close the answer, as a server must."""
        try:
            if hasattr(result, "close"):
                result.close()
        except BaseException as error:
            self.events.append(("raised by close", type(error), str(error)))

    def start_response(self, status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        """Note the start of an answer; one that comes too late raises."""
        self.events.append(("start", status, list(headers), exc_info and exc_info[0]))
        if exc_info is not None and any(event[0] in ("chunk", "write") for event in self.events):
            raise exc_info[1]
        return self.write

    def write(self, chunk: bytes) -> None:
        """Note what is written."""
        self.events.append(("write", chunk))


class Closing:
    """An answer that says how often it was closed."""

    def __init__(self, events: list[Any], chunks: list[bytes]) -> None:
        self._events = events
        self._chunks = iter(chunks)

    def __iter__(self) -> Any:
        self._events.append("iterated")
        return self._chunks

    def close(self) -> None:
        self._events.append("closed")


class Chunks(list[bytes]):
    """A list that says how often it was iterated."""

    def __init__(self, events: list[Any], *chunks: bytes) -> None:
        super().__init__(chunks)
        self._events = events

    def __iter__(self) -> Iterator[bytes]:
        self._events.append("iterated")
        return super().__iter__()


class Collection:
    """Something with a length."""

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one"])


def answering(result: Callable[[Any], Any], *written: bytes) -> Any:
    """Return an app that writes something and returns something."""

    def app(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read(5)
        environ["test.events"].append(("body", body))
        write = start_response(*OK)
        for chunk in written:
            write(chunk)
        return result(environ)

    return app


def late(environ: Any, start_response: Any) -> Iterator[bytes]:
    environ["test.events"].append(environ["wsgi.input"].read(5))
    start_response(*OK)
    yield b"one"
    yield b"two"


def replaced(environ: Any, start_response: Any, by_name: bool = False) -> Any:
    """Replace an answer that has begun but was not sent."""
    start_response(*OK)
    environ["wsgi.input"].read(5)
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        information = sys.exc_info()
        if by_name:
            start_response("500 Oops", [], exc_info=information)
        else:
            start_response("500 Oops", [], information)
    return [b"oops"]


def replaced_too_late(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response(*OK)
    yield b"one"
    try:
        raise ZeroDivisionError("told")
    except ZeroDivisionError:
        start_response("500 Oops", [], sys.exc_info())
    yield b"never"


def raising(error: BaseException, place: str) -> Any:
    """Return an app that raises: at its ``call``, after its ``start``, in ``iteration``, at ``close``."""

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            yield b"one"
            if place == "iteration":
                raise error

        def close(self) -> None:
            if place == "close":
                raise error

    def app(environ: Any, start_response: Any) -> Any:
        environ["wsgi.input"].read(5)
        if place == "call":
            raise error
        start_response(*OK)
        if place == "start":
            raise error
        return Answer()

    return app


def unread(environ: Any, start_response: Any) -> Any:
    start_response(*OK)
    return [b"ok"]


ANSWERS: dict[str, Any] = {
    "one chunk": answering(lambda _: [b"one"]),
    "chunks": answering(lambda _: [b"one", b"", b"two"]),
    "chunks in a tuple": answering(lambda _: (b"one", b"two")),
    "a subclass of list": answering(lambda environ: Chunks(environ["test.events"], b"one")),
    "a collection": answering(lambda _: Collection()),
    "nothing": answering(lambda _: []),
    "an iterator": answering(lambda _: iter([b"one", b"two"])),
    "a generator that starts late": late,
    "closing": answering(lambda environ: Closing(environ["test.events"], [b"one", b"two"])),
    "written": answering(lambda _: [], b"written", b"again"),
    "written and returned": answering(lambda _: iter([b"one"]), b"written"),
    "a file": answering(lambda environ: environ["wsgi.file_wrapper"](BytesIO(b"content"), 3)),
    "a file object": answering(lambda _: BytesIO(b"one\ntwo")),
    "replaced": replaced,
    "replaced by name": lambda environ, start_response: replaced(environ, start_response, by_name=True),
    "replaced too late": replaced_too_late,
    "started by name": lambda e, s: [b"", s(status=OK[0], headers=OK[1], exc_info=None)][:1],
    "raised at once": raising(ZeroDivisionError("told"), "call"),
    "raised after the start": raising(Odd("told"), "start"),
    "raised amid": raising(ZeroDivisionError("told"), "iteration"),
    "raised by close": raising(Odd("told"), "close"),
    "unread": unread,
    "no answer": lambda environ, start_response: None,
    "no iterable": answering(lambda _: 5),
    "text": answering(lambda _: ["text"]),
    "a string": answering(lambda _: "text"),
    "bytes": answering(lambda _: b"text"),
    "a bad status": lambda environ, start_response: [start_response("oops", []) and b""],
}
