"""What a mirror writes on its copies, and forgers on theirs."""

from __future__ import annotations

import secrets
import time

from shadowtap.signature import sign

KEY = b"thirty-two bytes that only tests know"
OTHER_KEY = b"thirty-two bytes of somebody else...."

MARKED = {"X-Shadow-Request": "true"}


def signed(
    method: str = "GET",
    target: str = "/",
    body: bytes = b"",
    *,
    key: bytes = KEY,
    copy_id: str | None = None,
    age: float = 0,
) -> dict[str, str]:
    """Return the marks of a copy that was signed ``age`` seconds ago."""
    copy_id = secrets.token_hex(16) if copy_id is None else copy_id
    now = int(time.time() - age)
    value = sign(key, method=method, target=target.encode("latin-1"), id=copy_id, time=now, body=body)
    return {**MARKED, "X-Shadow-Id": copy_id, "X-Shadow-Signature": value}
