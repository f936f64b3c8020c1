"""A request before anybody has decided about it: the same three questions for every protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from shadowtap import headers
from shadowtap.request_target import from_environ, from_scope


class Field:
    """A header's name in the spelling of each protocol, made once."""

    __slots__ = ("asgi", "cgi", "length")

    def __init__(self, name: str) -> None:
        self.asgi = name.lower().encode("ascii")
        self.cgi = "HTTP_" + name.upper().replace("-", "_")
        self.length = len(name)


MARK = Field(headers.SHADOW_REQUEST)
ID = Field(headers.SHADOW_ID)
SIGNATURE = Field(headers.SHADOW_SIGNATURE)
LINK = Field(headers.SHADOW_LINK)
TRACEPARENT = Field("traceparent")


class Incoming(Protocol):
    """What admission asks of a request."""

    @property
    def method(self) -> str:
        """The method as sent."""

    def target(self) -> bytes:
        """Return path and query as sent."""

    def fields(self, field: Field) -> Sequence[str]:
        """Return all values of a header; those that the server has joined by commas are one."""


class ScopeRequest:
    """A request in an ASGI scope."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self._scope = scope

    @property
    def method(self) -> str:
        """The method as sent."""
        return str(self._scope["method"])

    def target(self) -> bytes:
        """Return path and query as sent."""
        return _joined(*from_scope(self._scope))

    def fields(self, field: Field) -> Sequence[str]:
        """Return all values of a header."""
        length, wanted = field.length, field.asgi
        # Servers must hand over names in lower case. One that does not must not switch the guard off.
        return [
            value.decode("latin-1")
            for name, value in self._scope["headers"]
            if len(name) == length and name.lower() == wanted
        ]


class EnvironRequest:
    """A request in a WSGI environ, or in Django's ``META`` of the same form."""

    __slots__ = ("_environ",)

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    @property
    def method(self) -> str:
        """The method as sent."""
        return str(self._environ["REQUEST_METHOD"])

    def target(self) -> bytes:
        """Return path and query as sent, as far as the server tells."""
        return _joined(*from_environ(self._environ))

    def fields(self, field: Field) -> Sequence[str]:
        """Return the value of a header, if it is there."""
        value = self._environ.get(field.cgi)
        return () if value is None else (str(value),)


def _joined(path: bytes, query: bytes) -> bytes:
    return path + b"?" + query if query else path
