"""The per-app object behind the guard's doors: admits, counts, and says in the log what it refuses."""

from __future__ import annotations

import logging
import threading
import time

from shadowtap import shield
from shadowtap.guard import counts as counting
from shadowtap.guard import incoming
from shadowtap.guard.admission import Admission, Guarded, Unmarked, admit
from shadowtap.guard.counts import counts
from shadowtap.guard.incoming import Incoming
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Reason, Refused
from shadowtap.guard.replay import seen

_log = logging.getLogger("shadowtap.guard")
_announced: set[tuple[str, bool]] = set()
_lock = threading.Lock()


class Gate:
    """Decides on the requests of one app.

    Args:
        policy: What the guard goes by.
    """

    def __init__(self, policy: GuardPolicy) -> None:
        self._policy = policy
        self.body_limit = policy.body_limit
        announce(policy)
        shield.shielded("guard counters", counts.report)

    def meet(self, request: Incoming) -> Admission:
        """Decide on a request by its headers, and count it unless its body is still to be looked at."""
        admission = admit(request, self._policy, time.time())
        if isinstance(admission, Unmarked):
            counts.add(counting.UNMARKED)
        elif isinstance(admission, Refused):
            return self.refuse(admission.reason)
        elif admission.claim is None:
            counts.add(counting.GUARDED)
        return admission

    def confirm(self, guarded: Guarded, body: bytes) -> Guarded | Refused:
        """Decide on a signed request by its body, which is to be read up to a byte over ``body_limit``.

        The id is taken last, so that nobody can use it up with another body.
        """
        claim = guarded.claim
        if claim is not None:
            if len(body) > self.body_limit:
                return self.refuse(Reason.BODY_TOO_LARGE)
            if not claim.covers(body):
                return self.refuse(Reason.WRONG_BODY)
            window = self._policy.window
            if not seen.claim(guarded.scope.id, claim.time, now=time.time(), window=window):
                return self.refuse(Reason.REPLAYED)
        counts.add(counting.GUARDED)
        return guarded

    def meet_websocket(self, request: Incoming) -> Refused | None:
        """Decide on a WebSocket: one that a shadow request opens is refused, in mode ``always`` any.

        A session has no end by which its effects could be undone.
        """
        if self._policy.mode == "always" or request.fields(incoming.MARK):
            return self.refuse(Reason.WEBSOCKET)
        return None

    def refuse(self, reason: Reason) -> Refused:
        """Count a refusal and log it, at most one line per reason and minute."""
        counts.add(reason)
        refused = Refused(reason)
        shield.report(f"guard refused a request ({reason})", refused.text)
        return refused


def announce(policy: GuardPolicy) -> None:
    """Log, once per process, that a guard with such a policy is on."""
    kind = (policy.mode, policy.key is not None)
    with _lock:
        if kind in _announced:
            return
        _announced.add(kind)
    if policy.mode == "always":
        _log.info("the guard is on: every request is served as a shadow request")
    else:
        _log.info("the guard is on: requests with X-Shadow-Request are served as shadow requests")
    if policy.key is None:
        _log.warning(
            "the guard is on without a key: whoever reaches this process can have requests served without "
            "their side effects; set SHADOWTAP_KEY here and on the primary"
        )
