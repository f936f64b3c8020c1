from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from shadowtap import asgi, wsgi
from tests.support import apps
from tests.support.calling import Answer, call_asgi, call_wsgi
from tests.support.collecting import SHADOW, Collected, collected, undecorated

__all__ = ["collected", "undecorated"]


class Protocol(NamedTuple):
    """A protocol's door and raw apps, and how they are called."""

    door: Any
    echo: Any
    deaf: Any
    call: Callable[..., Answer]

    def mirrored(self, app: Any = None, **settings: Any) -> Client:
        """Put an app, the echo unless told otherwise, behind a door that hands over to ``collected``."""
        return Client(self.door(app or self.echo, **{"target": SHADOW, **settings}), self.call)


class Client(NamedTuple):
    """Sends requests to an app."""

    app: Any
    call: Callable[..., Answer]

    def __call__(self, method: str = "GET", target: str = "/", *args: Any, **more: Any) -> Answer:
        return self.call(self.app, method, target, *args, **more)


WSGI = Protocol(wsgi.MirrorMiddleware, apps.wsgi_echo, apps.wsgi_deaf, call_wsgi)
ASGI = Protocol(asgi.MirrorMiddleware, apps.asgi_echo, apps.asgi_deaf, call_asgi)


@pytest.fixture(params=[WSGI, ASGI], ids=["wsgi", "asgi"])
def protocol(request: pytest.FixtureRequest, collected: Collected) -> Protocol:
    """Return each protocol in turn; its doors hand over to ``collected``."""
    found: Protocol = request.param
    return found
