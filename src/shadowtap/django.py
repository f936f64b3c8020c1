"""The door for Django: one middleware class for both sides, sync and async."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings as django_settings
from django.core.exceptions import MiddlewareNotUsed

from shadowtap import shield
from shadowtap.capture.django import DjangoCapture, begin
from shadowtap.capture.mirror import Mirror
from shadowtap.door import guard_for, mirror_for, role_for
from shadowtap.guard.django import GuardMiddleware

GetResponse = Callable[[Any], Any]


class MirrorMiddleware:
    """Copy the requests of a Django app to a shadow.

    Reads the dictionary ``SHADOWTAP`` of Django's settings, the settings file
    and the environment. When mirroring is off, Django leaves it out.

    Raises:
        SettingsError: a setting is wrong.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        mirror = mirror_for({}, _framework())
        if mirror is None:
            raise MiddlewareNotUsed("shadowtap: mirroring is off")
        self._mirror: Mirror = mirror
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: Any) -> Any:
        """Serve a request."""
        capture = shield.shielded("capture", begin, self._mirror, request)
        if iscoroutinefunction(self):
            return self._serve_async(request, capture)
        if capture is None:
            return self.get_response(request)
        token = capture.enter()
        try:
            response = self.get_response(request)
        except BaseException as error:
            capture.fail(error)
            raise
        finally:
            capture.leave(token)
        shield.shielded("capture", capture.watch_response, response)
        return response

    async def _serve_async(self, request: Any, capture: DjangoCapture | None) -> Any:
        if capture is None:
            return await self.get_response(request)
        token = capture.enter()
        try:
            response = await self.get_response(request)
        except BaseException as error:
            capture.fail(error)
            raise
        finally:
            capture.leave(token)
        shield.shielded("capture", capture.watch_response, response)
        return response


class ShadowTapMiddleware:
    """The mirror on the primary, the guard on the shadow; put it first in ``MIDDLEWARE``.

    The role comes from ``SHADOWTAP["role"]`` in Django's settings or from
    ``SHADOWTAP_ROLE``, and is ``primary`` when absent.

    Raises:
        SettingsError: a setting is wrong.
    """

    sync_capable = True
    async_capable = True

    def __new__(cls, get_response: GetResponse) -> Any:  # noqa: D102 - the class says it
        if role_for({}, _framework()) != "shadow":
            return MirrorMiddleware(get_response)
        policy = guard_for({}, _framework())
        if policy is None:
            raise MiddlewareNotUsed("shadowtap: the guard is off")
        return GuardMiddleware(get_response, policy)


def _framework() -> dict[str, object]:
    return dict(getattr(django_settings, "SHADOWTAP", {}))


__all__ = ["GuardMiddleware", "MirrorMiddleware", "ShadowTapMiddleware"]
