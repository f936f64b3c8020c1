"""The guard as a Django middleware, sync and async."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpResponse

from shadowtap.context import shadow
from shadowtap.guard.admission import UNMARKED, Admission, Guarded, Unmarked
from shadowtap.guard.gate import Gate
from shadowtap.guard.incoming import EnvironRequest, ScopeRequest
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Refused
from shadowtap.guard.scoped import ScopedChunks, ScopedFile, ScopedStream
from shadowtap.guard.shadow_request import ShadowRequest

GetResponse = Callable[[Any], Any]


class GuardMiddleware:
    """Serves shadow requests of a Django app without side effects, and leaves all others alone.

    Args:
        get_response: The rest of the app.
        policy: What the guard goes by.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse, policy: GuardPolicy) -> None:
        self.get_response = get_response
        self._gate = Gate(policy)
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: Any) -> Any:
        """Serve a request."""
        if self._is_async:
            return self._serve_async(request)
        admission = self._admit(request)
        if isinstance(admission, Unmarked):
            return self.get_response(request)
        if isinstance(admission, Refused):
            return _refuse(admission, request)
        shadow_request = ShadowRequest(admission)
        try:
            with shadow_request.inside():
                response = self.get_response(request)
        except BaseException:
            shadow_request.end()
            raise
        return _answer(response, shadow_request)

    async def _serve_async(self, request: Any) -> Any:
        admission = self._admit(request)
        if isinstance(admission, Unmarked):
            return await self.get_response(request)
        if isinstance(admission, Refused):
            return _refuse(admission, request)
        shadow_request = ShadowRequest(admission)
        try:
            with shadow_request.inside():
                response = await self.get_response(request)
        except BaseException:
            shadow_request.end()
            raise
        return _answer(response, shadow_request)

    def _admit(self, request: Any) -> Admission:
        # What a shadow request calls in its own process is a part of it.
        if shadow.get() is not None:
            return UNMARKED
        scope = getattr(request, "scope", None)
        admission = self._gate.meet(EnvironRequest(request.META) if scope is None else ScopeRequest(scope))
        if isinstance(admission, Guarded) and admission.claim is not None:
            return self._gate.confirm(admission, read_body(request, self._gate.body_limit))
        return admission


def read_body(request: Any, limit: int) -> bytes:
    """Read the body, at most one byte over the limit, and leave it to the view as if nobody had read it."""
    # ``request.body`` would change what the view may do afterwards, and has limits of its own. ``_stream``
    # is private, but the one name under which every Django since 1.5 keeps what it reads from.
    body: bytes = request._stream.read(limit + 1)  # noqa: SLF001 - see above
    request._stream = BytesIO(body)  # noqa: SLF001 - see above
    if "wsgi.input" in request.META:
        request.META["wsgi.input"] = request._stream  # noqa: SLF001 - see above
    return body


def _answer(response: Any, shadow_request: ShadowRequest) -> Any:
    for name, value in shadow_request.answer_fields():
        own = response.get(name)
        # Django has one value per name: a list goes on after a comma (RFC 9110, section 5.3).
        response[name] = value if own is None else f"{own}, {value}"
    if response.streaming:
        _scope_stream(response, shadow_request)
    close = response.close

    def scoped_close() -> None:
        try:
            with shadow_request.inside():
                close()
        finally:
            shadow_request.end()

    # Sends ``request_finished``, after the server has sent the answer.
    response.close = scoped_close
    return response


def _scope_stream(response: Any, shadow_request: ShadowRequest) -> None:
    if getattr(response, "file_to_stream", None) is not None:
        # What Django gives to ``wsgi.file_wrapper``, where the server has one.
        response.file_to_stream = ScopedFile(response.file_to_stream, shadow_request)
    # Setting ``streaming_content`` would take that file away, so the iterator below it is replaced.
    scoped = ScopedStream if getattr(response, "is_async", False) else ScopedChunks
    response._iterator = scoped(response._iterator, shadow_request)  # noqa: SLF001 - see above


def _refuse(refused: Refused, request: Any) -> Any:
    body = refused.body
    sent = b"" if request.method == "HEAD" else body
    response = HttpResponse(sent, status=refused.status, content_type="application/json")
    response["Content-Length"] = str(len(body))
    return response
