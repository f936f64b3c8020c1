"""The guard around a WSGI app: https://peps.python.org/pep-3333/"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from shadowtap.context import shadow
from shadowtap.guard.admission import Guarded, Unmarked
from shadowtap.guard.gate import Gate
from shadowtap.guard.incoming import EnvironRequest
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Refused
from shadowtap.guard.scoped import ScopedChunks, ScopedFile, SizedScopedChunks
from shadowtap.guard.shadow_request import ShadowRequest

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class GuardWsgi:
    """Serves shadow requests of a WSGI app without side effects, and leaves all others alone.

    Args:
        app: The app.
        policy: What the guard goes by.
    """

    def __init__(self, app: WSGIApplication, policy: GuardPolicy) -> None:
        self.app = app
        self._gate = Gate(policy)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        # What a shadow request calls in its own process is a part of it.
        if shadow.get() is not None:
            return self.app(environ, start_response)
        admission = self._gate.meet(EnvironRequest(environ))
        if isinstance(admission, Guarded) and admission.claim is not None:
            body = read_input(environ, self._gate.body_limit)
            admission = self._gate.confirm(admission, body)
            environ["wsgi.input"] = BytesIO(body)
        if isinstance(admission, Unmarked):
            return self.app(environ, start_response)
        if isinstance(admission, Guarded):
            return GuardedCall(ShadowRequest(admission), start_response).run(self.app, environ)
        return _refuse(admission, environ, start_response)


class GuardedCall:
    """The app's call for one shadow request, and the iteration and closing of its answer."""

    def __init__(self, request: ShadowRequest, start_response: StartResponse) -> None:
        self._request = request
        self._start_response = start_response
        self._files: list[object] = []

    def run(self, app: WSGIApplication, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Run the app inside the shadow request."""
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is not None:
            environ["wsgi.file_wrapper"] = self._file_wrapper(wrapper)
        try:
            with self._request.inside():
                result = app(environ, self.start_response)
        except BaseException:
            self._request.end()
            raise
        finally:
            if wrapper is not None:
                environ["wsgi.file_wrapper"] = wrapper
        return self._scoped(result)

    def start_response(
        self, status: str, fields: list[tuple[str, str]], *rest: Any, **named: Any
    ) -> Callable[[bytes], object]:
        """Start the answer, with our fields after the app's own."""
        ours = self._request.answer_fields()
        return self._start_response(status, [*fields, *ours] if ours else fields, *rest, **named)

    def _file_wrapper(self, wrapper: Callable[..., object]) -> Callable[..., object]:
        def wrap(file: Any, *rest: Any) -> object:
            # The server must get its own type, to send the file by itself; the file's methods are the app's.
            result = wrapper(ScopedFile(file, self._request), *rest)
            self._files.append(result)
            return result

        return wrap

    def _scoped(self, result: Iterable[bytes]) -> Iterable[bytes]:
        if any(result is file for file in self._files):
            return result
        if type(result) is list or type(result) is tuple:
            # Nothing of the app runs any more, and servers derive a Content-Length from a list of one chunk.
            self._request.end()
            return result
        sized = hasattr(type(result), "__len__")
        return (SizedScopedChunks if sized else ScopedChunks)(result, self._request)


_DIGITS = re.compile(r"\s*[0-9]{1,18}\s*")


def read_input(environ: WSGIEnvironment, limit: int) -> bytes:
    """Read the body, at most one byte over the limit."""
    left = min(_length(environ, limit + 1), limit + 1)
    chunks = []
    while left > 0:
        chunk = environ["wsgi.input"].read(left)
        if not chunk:
            break
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _length(environ: WSGIEnvironment, endless: int) -> int:
    text = environ.get("CONTENT_LENGTH") or ""
    if _DIGITS.fullmatch(text):
        return int(text)
    # Without a length, only a stream that says so ends by itself: reading another one would wait for ever.
    return endless if environ.get("wsgi.input_terminated") else 0


def _refuse(refused: Refused, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = refused.body
    fields = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(refused.line, fields)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
