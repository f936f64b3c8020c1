"""Capture of a WSGI request: https://peps.python.org/pep-3333/"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from shadowtap import shield
from shadowtap.capture import endpoint as routing
from shadowtap.capture.capture import Capture
from shadowtap.capture.decorators import seen
from shadowtap.capture.framing import environ_length, scope_length
from shadowtap.capture.loop import is_copy
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.selection import upgrades
from shadowtap.capture.streams import InputTee
from shadowtap.capture.trace import primary_traceparent
from shadowtap.exchange import Headers
from shadowtap.outcome import Outcome
from shadowtap.request_target import from_environ, from_scope

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class WsgiCapture(Capture):
    """Notes what the app reads, and the answer in whichever of PEP 3333's ways it is given."""

    _app: WSGIApplication | None
    _environ: WSGIEnvironment
    _flask: object = None
    _request: object = None

    def run(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Run the app with this capture in between."""
        self._app = app
        self._environ = environ
        if not self.complete and "wsgi.input" in environ:
            environ["wsgi.input"] = InputTee(environ["wsgi.input"], self)
        is_file = watch_files(environ)
        token = self.enter()
        try:
            result = app(environ, self._starter(start_response))
        except BaseException as error:
            self.fail(error)
            raise
        finally:
            self.leave(token)
        if is_file(result):
            # The server looks for its own object to send the file by itself: its content never comes by.
            self.finish_shielded()
            return result
        return self._watched(result)

    def _starter(self, start_response: StartResponse) -> StartResponse:
        # The names of the parameters are the server's, and some apps use them.
        def start(*args: Any, **kwargs: Any) -> Callable[[bytes], object]:
            write = start_response(*args, **kwargs)
            shield.shielded("capture", self._note_start, *args, **kwargs)

            def noting_write(chunk: bytes) -> object:
                shield.shielded("capture", self.answer.add, chunk)
                return write(chunk)

            return noting_write

        return start

    def _note_start(self, status: str, headers: list[tuple[str, str]], *_: Any, **__: Any) -> None:
        fields = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
        self.answering(int(status[:3]), fields)
        # Flask takes it out of the environ when it has returned, which is before the answer has ended.
        self._request = self._environ.get("werkzeug.request")
        if seen.any:
            self._flask = routing.current_flask()

    def _watched(self, result: Iterable[bytes]) -> Iterable[bytes]:
        if type(result) is list or type(result) is tuple:
            # Servers derive a Content-Length from a list of one chunk: they must get the list itself.
            shield.shielded("capture", self._note_all, result)
            self.finish_shielded()
            return result
        return (SizedWatched if hasattr(type(result), "__len__") else Watched)(result, self)

    def _note_all(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.answer.add(chunk)
        self.end()

    def endpoint(self) -> routing.Endpoint:
        """Return what Flask's or Django's routing found."""
        return routing.from_environ(self._environ, self._app, self._flask, self._request)

    def release(self) -> None:
        """Let go of the request, which refers to us by its input."""
        self._app = None
        self._environ = {}
        self._flask = None
        self._request = None


def watch_files(environ: WSGIEnvironment) -> Callable[[object], bool]:
    """Return what tells the answers that ``wsgi.file_wrapper`` made."""
    wrapper = environ.get("wsgi.file_wrapper")
    if wrapper is None or isinstance(wrapper, type):
        return lambda result: wrapper is not None and isinstance(result, wrapper)
    # uWSGI has a function, which returns the file itself.
    files: list[object] = []

    def wrap(*args: Any, **kwargs: Any) -> object:
        file = wrapper(*args, **kwargs)
        files.append(file)
        return file

    environ["wsgi.file_wrapper"] = wrap
    return lambda result: any(result is file for file in files)


class Watched:
    """An app's iterable, passed on chunk by chunk and noted; everything else about it is its own."""

    def __init__(self, result: Iterable[bytes], capture: WsgiCapture) -> None:
        self._result: Any = result
        self._capture = capture
        self._iterator: Iterator[bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)

    def __del__(self) -> None:
        # Not every server keeps the promise to close what it has not iterated to its end.
        self._capture.finish_shielded()

    def __iter__(self) -> Iterator[bytes]:
        self._iterator = iter(self._result)
        return self

    def __next__(self) -> bytes:
        if self._iterator is None:
            self._iterator = iter(self._result)
        try:
            chunk = next(self._iterator)
        except StopIteration:
            shield.shielded("capture", self._capture.end)
            raise
        except BaseException as error:
            self._capture.fail(error)
            raise
        shield.shielded("capture", self._capture.answer.add, chunk)
        return chunk

    def close(self) -> None:
        """Close the app's iterable, as the server must (PEP 3333), and finish."""
        try:
            close = getattr(self._result, "close", None)
            if close is not None:
                close()
        finally:
            self._capture.finish_shielded()


class SizedWatched(Watched):
    """The same for a collection: servers derive a Content-Length from one of a single chunk."""

    def __len__(self) -> int:
        return len(self._result)


C = TypeVar("C", bound=Capture)


def begin(
    mirror: Mirror, environ: WSGIEnvironment, kind: type[C], scope: Mapping[str, Any] | None = None
) -> C | None:
    """Decide on a request; ``None`` when it is not captured, which is then accounted for.

    Args:
        mirror: The app's mirror.
        environ: The request; for Django its ``META``, which has the same form.
        kind: The class of the capture.
        scope: The ASGI scope, where Django runs on ASGI.
    """
    closed = mirror.closed()
    if closed is not None:
        mirror.refuse(closed)
        return None
    if upgrades(environ.get("HTTP_UPGRADE", ""), environ["REQUEST_METHOD"]):
        mirror.refuse(Outcome.UPGRADE)
        return None
    method = environ["REQUEST_METHOD"]
    path, query = from_environ(environ) if scope is None else from_scope(scope)

    def header(name: str) -> str | None:
        variable = name.upper().replace("-", "_")
        value = environ.get(variable) or None if variable in _BARE else environ.get("HTTP_" + variable)
        return None if value is None else str(value)

    if "HTTP_X_SHADOW_ID" in environ and is_copy(header, mirror.plan.settings.key, method, path, query):
        mirror.refuse(Outcome.LOOP)
        return None
    selected = mirror.select(method, path, header, environ if scope is None else scope)
    if selected is None:
        return None
    if scope is None:
        scheme, length = environ.get("wsgi.url_scheme", "http"), environ_length(environ)
    else:
        scheme, length = scope.get("scheme", "http"), scope_length(scope, dict(scope["headers"]))
    peer, traceparent = environ.get("REMOTE_ADDR", ""), primary_traceparent(header("traceparent"))
    parts = (method, scheme, path, query, _headers(environ), peer, traceparent)
    return kind(mirror, selected, parts, length)


_BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")
"""Headers that CGI names without the prefix; they may be empty when they were not sent."""


def _headers(environ: WSGIEnvironment) -> Headers:
    """Return the request's headers as far as CGI's variables tell them: order and case are the server's."""
    return tuple(
        (field, value.encode("latin-1"))
        for variable, value in environ.items()
        if (field := _field(variable)) is not None and (value or variable not in _BARE)
    )


@lru_cache(maxsize=1024)
def _field(variable: str) -> bytes | None:
    """Return the name of the header that a variable holds; ``None`` when it holds none."""
    if variable.startswith("HTTP_"):
        variable = variable[5:]
    elif variable not in _BARE:
        return None
    return variable.replace("_", "-").title().encode("latin-1")
