"""A Django project with views of each kind, sync and async; its handlers are ``wsgi_app`` and ``asgi_app``.

Its views carry marks, which exist from the import on.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import include, path, re_path
from django.utils.decorators import method_decorator
from django.views import View

import shadowtap

DOOR = "shadowtap.django.MirrorMiddleware"
SETTINGS: dict[str, Any] = {
    "ALLOWED_HOSTS": ["*"],
    "APPEND_SLASH": True,
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 50_000_000,
    "LOGGING_CONFIG": None,
    "MIDDLEWARE": [DOOR, "django.middleware.common.CommonMiddleware"],
    "ROOT_URLCONF": __name__,
    "SECRET_KEY": "for tests",
}


def echo(request: Any, **_: Any) -> HttpResponse:
    response = HttpResponse(request.body, content_type="text/plain")
    response["X-Method"] = request.method
    response.set_cookie("a", "b")
    response.set_cookie("c", "d")
    return response


async def echo_async(request: Any) -> HttpResponse:
    return echo(request)


def form(request: Any) -> HttpResponse:
    content = b"".join(upload.read() for upload in request.FILES.values())
    return HttpResponse(f"{request.POST.get('name')} {content.decode()}")


def in_part(request: Any) -> HttpResponse:
    return HttpResponse(request.read(2))


def unread(request: Any) -> HttpResponse:
    return HttpResponse("unread")


def raised(request: Any) -> HttpResponse:
    raise LookupError("told")


def chunks() -> Iterator[bytes | str]:
    yield b"one"
    yield "zwei \u00fc"
    yield b"three"


async def chunks_async() -> AsyncIterator[bytes | str]:
    for chunk in chunks():
        yield chunk


def raising() -> Iterator[bytes]:
    yield b"one"
    raise LookupError("told")


def streamed(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunks())


def streamed_amid(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(raising())


async def streamed_async(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunks_async())


async def raising_async() -> AsyncIterator[bytes]:
    for chunk in raising():
        yield chunk


async def streamed_async_amid(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(raising_async())


def file(request: Any) -> FileResponse:
    return FileResponse(BytesIO(b"content"), filename="a.txt")


def empty(request: Any) -> HttpResponse:
    return HttpResponse(status=204)


never = shadowtap.no_mirror(echo)


@shadowtap.no_mirror
async def never_async(request: Any) -> HttpResponse:
    return echo(request)


@shadowtap.no_mirror
class NeverView(View):
    def post(self, request: Any) -> HttpResponse:
        return echo(request)


@method_decorator(shadowtap.no_mirror, name="dispatch")
class NeverDispatched(View):
    async def post(self, request: Any) -> HttpResponse:
        return echo(request)


class MixedView(View):
    def get(self, request: Any) -> HttpResponse:
        return echo(request)

    @method_decorator(shadowtap.no_mirror)
    def post(self, request: Any) -> HttpResponse:
        return echo(request)


@method_decorator(shadowtap.mirror(percent=20), name="dispatch")
class ShareView(View):
    def get(self, request: Any) -> HttpResponse:
        return echo(request)


def plain(request: Any, **_: Any) -> HttpResponse:
    """Answer as ``echo`` does, which is marked below its other name."""
    return HttpResponse(request.body)


urlpatterns = [
    path("plain/", plain),
    path("plain/<int:number>/<str:name>", plain),
    re_path(r"^pattern/(?P<number>[0-9]+)$", plain),
    path("included/", include([path("<slug:slug>/end", plain)])),
    path("async", echo_async),
    path("form", form),
    path("in-part", in_part),
    path("unread", unread),
    path("raised", raised),
    path("streamed", streamed),
    path("streamed-amid", streamed_amid),
    path("streamed-async", streamed_async),
    path("streamed-async-amid", streamed_async_amid),
    path("file", file),
    path("empty", empty),
    path("never", never),
    path("never-slash/", never),
    path("never-async", never_async),
    path("never-view", NeverView.as_view()),
    path("never-dispatched", NeverDispatched.as_view()),
    path("mixed", MixedView.as_view()),
    path("share", ShareView.as_view()),
    path("marked", shadowtap.mirror(unread)),
]


def gatekeeper(get_response: Any) -> Any:
    """Answer everything before it is routed."""
    return lambda request: HttpResponse("log in", status=401)


def configure() -> None:
    """Configure Django, unless somebody in this process has done so."""
    if not settings.configured:
        door = [DOOR] if "SHADOWTAP_TARGET" in os.environ else []
        settings.configure(**{**SETTINGS, "MIDDLEWARE": [*door, *SETTINGS["MIDDLEWARE"][1:]]})
        django.setup()


def __getattr__(name: str) -> Any:
    # For servers, which import an app by name.
    handlers = {"wsgi_app": WSGIHandler, "asgi_app": ASGIHandler}
    if name not in handlers:
        raise AttributeError(name)
    configure()
    return handlers[name]()
