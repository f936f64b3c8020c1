"""Decide what a request is: ordinary, a shadow request, or one to refuse. Pure, but for the making of ids."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from shadowtap import signature
from shadowtap.context import ShadowScope
from shadowtap.guard import incoming
from shadowtap.guard.incoming import Incoming
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Reason, Refused

_ID = re.compile(r"[!-~]{1,128}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A method (RFC 9110, section 9.1): no line feed, which would move text between the parts that are signed."""


class Unmarked:
    """An ordinary request, which the guard leaves alone."""

    __slots__ = ()


UNMARKED = Unmarked()


class Guarded:
    """A request to be served as a shadow request, once ``claim`` covers its body."""

    __slots__ = ("claim", "link", "marked", "parent", "scope")

    def __init__(
        self,
        scope: ShadowScope,
        *,
        marked: bool,
        claim: signature.SignatureClaim | None,
        link: str,
        parent: str,
    ) -> None:
        self.scope = scope
        self.marked = marked
        """It carries the mark, so its answer goes to a mirror."""
        self.claim = claim
        """The signature, verified but for the body and for having been seen before."""
        self.link = link
        """``X-Shadow-Link``: the primary's trace context."""
        self.parent = parent
        """The request's own ``traceparent``."""


Admission = Unmarked | Guarded | Refused


def admit(request: Incoming, policy: GuardPolicy, now: float) -> Admission:
    """Decide on a request by its headers. Never raises.

    Args:
        request: The request.
        policy: What the guard goes by.
        now: Seconds since the epoch.
    """
    marks = request.fields(incoming.MARK)
    if not marks:
        return (
            UNMARKED if policy.mode == "marked" else _guarded(request, _scope(request, policy), marked=False)
        )
    if policy.key is None:
        # Whatever the mark says: without a key it proves nothing, and it can only take effects away.
        return _guarded(request, _scope(request, policy))
    if len(marks) != 1 or marks[0].lower() != "true":
        return Refused(Reason.MALFORMED_MARK)
    return _verified(request, policy.key, policy.window, now)


def _verified(request: Incoming, key: bytes, window: float, now: float) -> Admission:
    copy_id = _only(request.fields(incoming.ID))
    if not _ID.fullmatch(copy_id):
        return Refused(Reason.MALFORMED_ID)
    values = request.fields(incoming.SIGNATURE)
    if not values:
        return Refused(Reason.UNSIGNED)
    claim = signature.parse(_only(values))
    if claim is None:
        return Refused(Reason.MALFORMED_SIGNATURE)
    method = request.method
    # The time is looked at last: only the key's holder learns whether it is right.
    signed = _TOKEN.fullmatch(method) and claim.verify(
        key, method=method, target=request.target(), id=copy_id
    )
    if not signed:
        return Refused(Reason.WRONG_SIGNATURE)
    if abs(now - claim.time) > window:
        return Refused(Reason.STALE)
    return _guarded(request, ShadowScope(copy_id), claim=claim)


def _guarded(
    request: Incoming,
    scope: ShadowScope,
    *,
    marked: bool = True,
    claim: signature.SignatureClaim | None = None,
) -> Guarded:
    link = _only(request.fields(incoming.LINK))
    parent = _only(request.fields(incoming.TRACEPARENT))
    return Guarded(scope, marked=marked, claim=claim, link=link, parent=parent)


def _scope(request: Incoming, policy: GuardPolicy) -> ShadowScope:
    # With a key, an id that nobody has signed is not worth its space in a log.
    claimed = _only(request.fields(incoming.ID)) if policy.key is None else ""
    return ShadowScope(claimed if _ID.fullmatch(claimed) else os.urandom(16).hex())


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""
