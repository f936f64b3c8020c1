"""The doors for ASGI apps (FastAPI, Starlette, Django on ASGI, Quart, Litestar, ...)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shadowtap import shield
from shadowtap.capture.asgi import begin
from shadowtap.capture.mirror import Mirror
from shadowtap.door import guard_for, mirror_for
from shadowtap.guard.asgi import GuardAsgi
from shadowtap.outcome import Outcome

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class MirrorMiddleware:
    """Copy the requests of an ASGI app to a shadow.

    Takes the app and any setting as a keyword argument (see ``docs/settings.md``);
    what is not given comes from the settings file and the environment. When
    mirroring is off, the result is the app itself.

    Raises:
        SettingsError: a setting is wrong.
    """

    app: ASGIApp
    _mirror: Mirror

    def __new__(cls, app: ASGIApp, **settings: Any) -> Any:  # noqa: D102 - the class says it
        mirror = mirror_for(settings)
        if mirror is None:
            return app
        self = super().__new__(cls)
        self.app = app
        self._mirror = mirror
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection; only HTTP requests are looked at."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                send = self._draining(send)
            elif scope["type"] == "websocket":
                shield.shielded("capture", self._mirror.refuse, Outcome.UPGRADE)
            await self.app(scope, receive, send)
            return
        capture = shield.shielded("capture", begin, self._mirror, scope)
        if capture is None:
            await self.app(scope, receive, send)
        else:
            await capture.run(self.app, scope, receive, send)

    def _draining(self, send: Send) -> Send:
        """Let queued copies leave before the server hears that the app has ended.

        uvicorn then ends by the signal that it got, which runs no exit handlers.
        """
        shield.shielded("shutdown", self._mirror.on_startup)

        async def drain_and_send(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                from anyio import to_thread

                await to_thread.run_sync(shield.shielded, "shutdown", self._mirror.on_shutdown)
            await send(message)

        return drain_and_send


class GuardMiddleware:
    """Serve shadow requests of an ASGI app without side effects.

    Takes the app and any setting as a keyword argument. When the guard is off,
    the result is the app itself.

    Raises:
        SettingsError: a setting is wrong.
    """

    def __new__(cls, app: ASGIApp, **settings: Any) -> Any:  # noqa: D102 - the class says it
        policy = guard_for(settings)
        return app if policy is None else GuardAsgi(app, policy)
