"""The doors for WSGI apps (Flask, Django on WSGI, Bottle, Pyramid, ...)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shadowtap import shield
from shadowtap.capture.mirror import Mirror
from shadowtap.capture.wsgi import WsgiCapture, begin
from shadowtap.door import guard_for, mirror_for
from shadowtap.guard.wsgi import GuardWsgi

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class MirrorMiddleware:
    """Copy the requests of a WSGI app to a shadow.

    Takes the app and any setting as a keyword argument (see ``docs/settings.md``);
    what is not given comes from the settings file and the environment. When
    mirroring is off, the result is the app itself.

    Raises:
        SettingsError: a setting is wrong.
    """

    app: WSGIApplication
    _mirror: Mirror

    def __new__(cls, app: WSGIApplication, **settings: Any) -> Any:  # noqa: D102 - the class says it
        mirror = mirror_for(settings)
        if mirror is None:
            return app
        self = super().__new__(cls)
        self.app = app
        self._mirror = mirror
        return self

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        capture = shield.shielded("capture", begin, self._mirror, environ, WsgiCapture)
        if capture is None:
            return self.app(environ, start_response)
        return capture.run(self.app, environ, start_response)


class GuardMiddleware:
    """Serve shadow requests of a WSGI app without side effects.

    Takes the app and any setting as a keyword argument. When the guard is off,
    the result is the app itself.

    Raises:
        SettingsError: a setting is wrong.
    """

    def __new__(cls, app: WSGIApplication, **settings: Any) -> Any:  # noqa: D102 - the class says it
        policy = guard_for(settings)
        return app if policy is None else GuardWsgi(app, policy)
