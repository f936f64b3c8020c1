"""How a copy ended: the closed set of outcomes, each of them counted."""

from enum import StrEnum


class Outcome(StrEnum):
    """The one way in which a request ended for the mirror, per target.

    A request seen by the mirror counts once for each target that it was meant
    for, and ends there in exactly one outcome, so the outcomes of a target add
    up to the requests received for it.
    """

    # Sent: the copy left, and this is what became of it.
    ANSWERED = "answered"
    TIMEOUT = "timeout"
    CONNECT_ERROR = "connect_error"
    TLS_ERROR = "tls_error"
    PROTOCOL_ERROR = "protocol_error"

    # Not sent, by choice.
    EXCLUDED = "excluded"
    NOT_MARKED = "not_marked"
    NOT_SAMPLED = "not_sampled"
    RATE_LIMITED = "rate_limited"
    EXPIRED = "expired"
    PAUSED = "paused"
    LOOP = "loop"
    UPGRADE = "upgrade"

    # Not sent, because the request could not be copied whole.
    BODY_TOO_LARGE = "body_too_large"
    BODY_UNREAD = "body_unread"
    CLIENT_ABORTED = "client_aborted"

    # Not sent, because something of ours or the shadow stood in the way.
    QUEUE_FULL = "queue_full"
    COURIER_DOWN = "courier_down"
    REDACTION_FAILED = "redaction_failed"
    UNSUPPORTED_BODY = "unsupported_body"
    BREAKER_OPEN = "breaker_open"
    SHUTDOWN = "shutdown"


SENT: frozenset[Outcome] = frozenset(
    {
        Outcome.ANSWERED,
        Outcome.TIMEOUT,
        Outcome.CONNECT_ERROR,
        Outcome.TLS_ERROR,
        Outcome.PROTOCOL_ERROR,
    }
)
"""Outcomes of copies that were given to the network."""
