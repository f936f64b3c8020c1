"""A shadow request from its admission to the end of its answer, whatever the protocol."""

from __future__ import annotations

import time
from contextlib import suppress
from contextvars import Token
from types import TracebackType

from shadowtap import headers, shield
from shadowtap.context import ShadowScope, shadow
from shadowtap.guard import effect_list, span
from shadowtap.guard.admission import Guarded


class Inside:
    """A stretch of time in which the running code belongs to a shadow request."""

    __slots__ = ("_scope", "_token")

    _token: Token[ShadowScope | None]

    def __init__(self, scope: ShadowScope) -> None:
        self._scope = scope

    def __enter__(self) -> None:
        self._token = shadow.set(self._scope)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A coroutine that is given up may be closed in another context, where there is nothing to undo.
        with suppress(ValueError):
            shadow.reset(self._token)


class ShadowRequest:
    """Made when a request is admitted; its clock runs from then on."""

    __slots__ = ("_marked", "_scope", "_since", "_span")

    def __init__(self, guarded: Guarded) -> None:
        self._scope = guarded.scope
        self._marked = guarded.marked
        self._span = shield.shielded("guard span", span.start, guarded)
        self._since = time.perf_counter()

    def inside(self) -> Inside:
        """Return a context manager in which the app's code is to run."""
        return Inside(self._scope)

    def answer_fields(self) -> list[tuple[str, str]]:
        """Return what the head of the answer says to the mirror: the app's time so far, and blocked effects.

        Empty for a request without the mark: nobody asked.
        """
        if not self._marked:
            return []
        milliseconds = (time.perf_counter() - self._since) * 1000
        fields = [(headers.SERVER_TIMING, f"shadowtap;dur={milliseconds:.3f}")]
        effects = effect_list.render(self._scope)
        if effects is not None:
            fields.append((headers.SHADOW_EFFECTS, effects))
        return fields

    def end(self) -> None:
        """Note the end of the answer; once is enough, more do no harm."""
        ended, self._span = self._span, None
        if ended is not None:
            shield.shielded("guard span", ended.end)
