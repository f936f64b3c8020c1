"""What the guard of one app goes by."""

from __future__ import annotations

from typing import Literal

import msgspec

from shadowtap.settings import Settings

_SLACK = 64 * 1024
"""Bytes by which a small body may grow when surrogates take the place of personal data."""


class GuardPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The guard's settings as frozen values."""

    mode: Literal["marked", "always"]
    """``marked``: requests that carry the mark are shadow requests. ``always``: all of them are."""
    key: bytes | None = None
    """Checks the signature of marked requests; without it none is asked for."""
    window: float = 60.0
    """Seconds by which the time of a signature may be off, in either direction."""
    max_body: int = 1024 * 1024
    """Bytes of the largest body that the mirror copies."""

    @classmethod
    def from_settings(cls, settings: Settings) -> GuardPolicy:
        """Take over what concerns the guard.

        Raises:
            ValueError: the guard is off; the door leaves it out then.
        """
        if settings.guard == "off":
            raise ValueError("the guard is off")
        return cls(
            mode=settings.guard,
            key=settings.key.reveal() if settings.key is not None else None,
            window=settings.signature_window,
            max_body=settings.max_body,
        )

    @property
    def body_limit(self) -> int:
        """Bytes of a signed body that are read: redaction may have made it longer than the original."""
        return 2 * self.max_body + _SLACK

    def __repr__(self) -> str:
        signed = "with a key" if self.key is not None else "without a key"
        return f"<GuardPolicy {self.mode} {signed}>"
