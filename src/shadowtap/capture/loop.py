"""Recognise our own copies that come back, so that they are not copied again."""

from __future__ import annotations

from collections.abc import Callable

from shadowtap import signature
from shadowtap.capture.ids import ids
from shadowtap.settings import Secret


def is_copy(
    header: Callable[[str], str | None], key: Secret | None, method: str, path: bytes, query: bytes
) -> bool:
    """Tell whether a request is a copy that a mirror of ours sent.

    The mark alone proves nothing: anybody can send it. A copy has an id that
    this process made, or a signature under our key. (Neither age nor body are
    checked: the worst that a replayed copy achieves is not to be copied.)
    """
    name = header("x-shadow-id") or ""
    if ids.made(name):
        return True
    value = header("x-shadow-signature")
    claim = signature.parse(value) if value and key else None
    if claim is None or key is None:
        return False
    target = path + b"?" + query if query else path
    return claim.verify(key.reveal(), method=method, target=target, id=name)
