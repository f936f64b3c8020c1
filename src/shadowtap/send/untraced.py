"""Keep OpenTelemetry's auto-instrumentation off our own calls."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_SUPPRESS = "suppress_instrumentation"
"""The key that OpenTelemetry's instrumentations ask for."""


class Untraced:
    """A block whose HTTP calls are not traced. Does nothing where OpenTelemetry was never imported."""

    __slots__ = ("_context", "_token")

    def __enter__(self) -> None:
        self._context: ModuleType | None = sys.modules.get("opentelemetry.context")
        if self._context is not None:
            self._token: Any = self._context.attach(self._context.set_value(_SUPPRESS, True))

    def __exit__(self, *exc_info: object) -> None:
        if self._context is not None:
            self._context.detach(self._token)
