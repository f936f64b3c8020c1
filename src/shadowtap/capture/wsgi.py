"""Capture of a WSGI request: https://peps.python.org/pep-3333/"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from shadowtap import shield
from shadowtap.capture import endpoint as routing
from shadowtap.capture.capture import Capture, Parts
from shadowtap.capture.decorators import seen
from shadowtap.capture.loop import is_copy
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.streams import InputTee
from shadowtap.capture.trace import primary_traceparent
from shadowtap.context import mirrored
from shadowtap.exchange import Headers
from shadowtap.outcome import Outcome
from shadowtap.request_target import from_environ, from_scope

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class WsgiCapture(Capture):
    """Notes what the app reads, and the answer in whichever of PEP 3333's ways it is given."""

    __slots__ = ("_app", "_environ")

    _app: WSGIApplication
    _environ: WSGIEnvironment

    def run(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Run the app with this capture in between."""
        self._app = app
        self._environ = environ
        if not self.complete:
            environ["wsgi.input"] = InputTee(environ["wsgi.input"], self, content_length(environ))
        token = mirrored.set(self) if seen.any else None
        try:
            result = app(environ, self._starter(start_response))
        except BaseException:
            self.finish_shielded()
            raise
        finally:
            if token is not None:
                mirrored.reset(token)
        return self._watched(result)

    def _starter(self, start_response: StartResponse) -> StartResponse:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            write = start_response(status, headers, *rest)
            shield.shielded("capture", self._note_start, status, headers)

            def noting_write(chunk: bytes) -> object:
                shield.shielded("capture", self.answer.add, chunk)
                return write(chunk)

            return noting_write

        return start

    def _note_start(self, status: str, headers: list[tuple[str, str]]) -> None:
        fields = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
        self.answering(int(status[:3]), fields)

    def _watched(self, result: Iterable[bytes]) -> Iterable[bytes]:
        wrapper = self._environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and isinstance(result, wrapper):
            # The server looks for its own type to send the file by itself: its content never comes by.
            self.finish_shielded()
            return result
        if type(result) is list or type(result) is tuple:
            # Servers derive a Content-Length from a list of one chunk: they must get the list itself.
            shield.shielded("capture", self._note_all, result)
            return result
        return Watched(result, self)

    def _note_all(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.answer.add(chunk)
        self.end()

    def endpoint(self) -> routing.Endpoint:
        """Return what Flask's router found."""
        return routing.from_environ(self._environ, self._app)


class Watched:
    """An app's iterable, passed on chunk by chunk and noted; everything else about it is its own."""

    def __init__(self, result: Iterable[bytes], capture: WsgiCapture) -> None:
        self._result = result
        self._capture = capture
        self._iterator: Iterator[bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)

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
        except BaseException:
            self._capture.finish_shielded()
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
    if "HTTP_UPGRADE" in environ or environ["REQUEST_METHOD"] == "CONNECT":
        mirror.refuse(Outcome.UPGRADE)
        return None
    return _select(mirror, environ, kind, scope)


def _select(
    mirror: Mirror, environ: WSGIEnvironment, kind: type[C], scope: Mapping[str, Any] | None
) -> C | None:
    plan = mirror.plan
    method = environ["REQUEST_METHOD"]
    path, query = from_environ(environ) if scope is None else from_scope(scope)

    def header(name: str) -> str | None:
        value = environ.get("HTTP_" + name.upper().replace("-", "_"))
        return None if value is None else str(value)

    if "HTTP_X_SHADOW_ID" in environ and is_copy(header, plan.settings.key, method, path, query):
        mirror.refuse(Outcome.LOOP)
        return None
    choice = plan.choose(method, path, header)
    if isinstance(choice, Outcome):
        mirror.refuse(choice)
        return None
    key = plan.key(environ if scope is None else scope) if plan.key_of is not None else None
    names: tuple[str, ...] | None = None
    if not plan.waits_for_endpoint:
        names = choice.pick(key, None)
        if not names:
            mirror.refuse(Outcome.NOT_SAMPLED)
            return None
    length = content_length(environ)
    if length is not None and length > plan.settings.max_body and names is not None:
        mirror.ledger.refuse(names, Outcome.BODY_TOO_LARGE)
        return None
    scheme = environ.get("wsgi.url_scheme", "http") if scope is None else scope.get("scheme", "http")
    parts = Parts(method, scheme, path, query, _headers(environ), environ.get("REMOTE_ADDR", ""))
    return kind(
        mirror,
        plan=plan,
        choice=choice,
        key=key,
        names=names,
        parts=parts,
        has_body=length != 0,
        traceparent=primary_traceparent(header("traceparent")),
    )


_DIGITS = re.compile(r"\s*[0-9]{1,18}\s*")


def content_length(environ: Mapping[str, Any]) -> int | None:
    """Return the length of the body; ``None`` when it only ends where the server's stream does."""
    text = environ.get("CONTENT_LENGTH") or ""
    if _DIGITS.fullmatch(text):
        return int(text)
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    # gunicorn marks every stream as one that ends; HTTP/1 has no body without either field (RFC 9112, 6.3).
    old = environ.get("SERVER_PROTOCOL", "").startswith("HTTP/1.")
    return None if environ.get("wsgi.input_terminated") and not old else 0


def _headers(environ: WSGIEnvironment) -> Headers:
    """Return the request's headers as far as CGI's variables tell them: order and case are the server's."""
    fields = [
        (name[5:].replace("_", "-").title().encode("latin-1"), value.encode("latin-1"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    for name, field in (("CONTENT_TYPE", b"Content-Type"), ("CONTENT_LENGTH", b"Content-Length")):
        if environ.get(name):
            fields.append((field, environ[name].encode("latin-1")))
    return tuple(fields)
