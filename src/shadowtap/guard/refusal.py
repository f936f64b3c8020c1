"""Why a request is refused, and the answer that says so."""

from __future__ import annotations

import json
from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Why a marked request does not reach the app. The value is a label in metrics."""

    MALFORMED_MARK = "malformed_mark"
    MALFORMED_ID = "malformed_id"
    UNSIGNED = "unsigned"
    MALFORMED_SIGNATURE = "malformed_signature"
    WRONG_SIGNATURE = "wrong_signature"
    STALE = "stale"
    REPLAYED = "replayed"
    BODY_TOO_LARGE = "body_too_large"
    WRONG_BODY = "wrong_body"
    WEBSOCKET = "websocket"


_TEXTS = {
    Reason.MALFORMED_MARK: "X-Shadow-Request must be there once and be: true",
    Reason.MALFORMED_ID: "X-Shadow-Id must be there once and be 1 to 128 visible ASCII characters",
    Reason.UNSIGNED: "X-Shadow-Signature is missing",
    Reason.MALFORMED_SIGNATURE: "X-Shadow-Signature must be there once and be: v1;t=...;d=...;s=...",
    Reason.WRONG_SIGNATURE: "the signature is not one for this request under this key",
    Reason.STALE: "the time of the signature is outside the window",
    Reason.REPLAYED: "a request with this id was seen before, or is too old to tell",
    Reason.BODY_TOO_LARGE: "the body is larger than a copy may be",
    Reason.WRONG_BODY: "the body is not the one that was signed",
    Reason.WEBSOCKET: "a shadow request cannot open a WebSocket",
}


class Refused(msgspec.Struct, frozen=True):
    """A request that the app does not get to see."""

    reason: Reason

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 413 if self.reason is Reason.BODY_TOO_LARGE else 403

    @property
    def line(self) -> str:
        """Status and phrase, as WSGI has it."""
        return "413 Content Too Large" if self.status == 413 else "403 Forbidden"

    @property
    def text(self) -> str:
        """The reason in words; holds nothing of the request."""
        return _TEXTS[self.reason]

    @property
    def body(self) -> bytes:
        """The body of the answer, in JSON."""
        return json.dumps({"error": "shadow request refused", "reason": self.text}).encode("ascii")
