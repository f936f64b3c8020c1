"""A Django project behind the guard, and its handlers: ``wsgi_app`` and ``asgi_app``."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from shadowtap.context import is_shadow
from shadowtap.guard.django import GuardMiddleware
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.side_effect import side_effect
from tests.guard.marks import KEY

OVERRIDES: dict[str, Any] = {
    "ALLOWED_HOSTS": ["*"],
    "MIDDLEWARE": [f"{__name__}.guard"],
    "ROOT_URLCONF": __name__,
    "SECRET_KEY": "for tests",
}
POLICIES = {
    "open": GuardPolicy(mode="marked"),
    "keyed": GuardPolicy(mode="marked", key=KEY, max_body=1000),
    "always": GuardPolicy(mode="always"),
}
policy = [os.environ.get("GUARD_POLICY", "open")]
places: list[bool] = []
"""For each place that the middleware ``sync_only`` came by whether it was in a shadow request."""
finished: list[bool] = []
"""For each ``request_finished`` signal whether it was a shadow request's."""


def guard(get_response: Any) -> GuardMiddleware:
    return GuardMiddleware(get_response, POLICIES[policy[0]])


guard.sync_capable = guard.async_capable = True  # type: ignore[attr-defined]


def sync_only(get_response: Any) -> Any:
    """Make Django switch from asynchronous to synchronous code and back."""

    def middleware(request: Any) -> Any:
        places.append(is_shadow())
        response = get_response(request)
        places.append(is_shadow())
        return response

    return middleware


@side_effect(instead="kept")
def charge() -> str:
    return "charged"


def tells(request: Any) -> JsonResponse:
    response = JsonResponse([is_shadow(), request.body.decode(), charge()], safe=False)
    response["Server-Timing"] = "db;dur=53"
    return response


async def tells_async(request: Any) -> JsonResponse:
    return JsonResponse([is_shadow(), request.body.decode(), charge()], safe=False)


def form(request: Any) -> JsonResponse:
    """Read a form as a stream, after which the raw body may not be asked for any more."""
    names = sorted(request.POST) + sorted(request.FILES)
    try:
        _ = request.body
    except Exception as error:
        return JsonResponse([*names, type(error).__name__], safe=False)
    return JsonResponse(names, safe=False)


def raw(request: Any) -> HttpResponse:
    return HttpResponse(request.META["wsgi.input"].read())


def chunks() -> Iterator[bytes]:
    for _ in range(3):
        yield b"%d" % is_shadow()


async def chunks_async() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"%d" % is_shadow()


def streams(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunks())


async def streams_async(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunks_async())


class Notes(BytesIO):
    """A file that keeps where it was read."""

    def read(self, size: int | None = -1) -> bytes:
        return len(super().read(size)) * (b"%d" % is_shadow())


def sends_file(request: Any) -> FileResponse:
    return FileResponse(Notes(b"hello"))


def fails(request: Any) -> HttpResponse:
    raise LookupError("the app's own")


urlpatterns = [
    path("tells", tells),
    path("tells_async", tells_async),
    path("form", form),
    path("raw", raw),
    path("streams", streams),
    path("streams_async", streams_async),
    path("file", sends_file),
    path("fails", fails),
]


def note_finished(**_kwargs: Any) -> None:
    finished.append(is_shadow())


def configure() -> None:
    """Configure Django, unless somebody in this process has done so."""
    if not settings.configured:
        settings.configure(**OVERRIDES)
        django.setup()
    request_finished.connect(note_finished)


def __getattr__(name: str) -> Any:
    # For servers, which import an app by name.
    handlers = {"wsgi_app": WSGIHandler, "asgi_app": ASGIHandler}
    if name not in handlers:
        raise AttributeError(name)
    configure()
    return handlers[name]()
