"""The signature of a copy, so that a guard can tell a copy from a client's forgery.

Format of ``X-Shadow-Signature``::

    v1;t=<seconds since the epoch>;d=<SHA-256 of the body, hex>;s=<HMAC, hex>

The HMAC (SHA-256, RFC 2104) covers, joined by line feeds: ``shadowtap-v1``, the
method, the request target (path and query as sent), the id of the copy, the
time and the digest of the body.
"""

from __future__ import annotations

import hashlib
import hmac
import re

MIN_KEY_BYTES = 16
"""Shorter keys are refused. 32 random bytes are recommended."""

_FORM = re.compile(r"v1;t=([0-9]{1,12});d=([0-9a-f]{64});s=([0-9a-f]{64})")


def _mac(key: bytes, *, method: str, target: bytes, id: str, time: int, digest: str) -> str:
    head = f"shadowtap-v1\n{method}\n".encode()
    tail = f"\n{id}\n{time}\n{digest}".encode()
    return hmac.digest(key, head + target + tail, "sha256").hex()


def sign(key: bytes, *, method: str, target: bytes, id: str, time: int, body: bytes) -> str:
    """Return the value of ``X-Shadow-Signature`` for a copy."""
    digest = hashlib.sha256(body).hexdigest()
    mac = _mac(key, method=method, target=target, id=id, time=time, digest=digest)
    return f"v1;t={time};d={digest};s={mac}"


class SignatureClaim:
    """A signature that was parsed; its parts are claims until ``verify`` says so."""

    __slots__ = ("digest", "mac", "time")

    def __init__(self, time: int, digest: str, mac: str) -> None:
        self.time = time
        self.digest = digest
        self.mac = mac

    def verify(self, key: bytes, *, method: str, target: bytes, id: str) -> bool:
        """Tell whether the key's holder made this signature for such a request (constant time)."""
        expected = _mac(key, method=method, target=target, id=id, time=self.time, digest=self.digest)
        return hmac.compare_digest(expected, self.mac)

    def covers(self, body: bytes) -> bool:
        """Tell whether ``body`` is the body that was signed."""
        return hmac.compare_digest(hashlib.sha256(body).hexdigest(), self.digest)


def parse(value: str) -> SignatureClaim | None:
    """Read a signature header; ``None`` when it has not exactly the form above."""
    match = _FORM.fullmatch(value)
    if match is None:
        return None
    time, digest, mac = match.groups()
    return SignatureClaim(int(time), digest, mac)
