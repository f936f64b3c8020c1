"""The error tree.

ShadowtapError
├── SettingsError            a setting is wrong; raised at start-up
├── CourierError             the courier cannot start or cannot be reached
├── NotRedacted              a copy must not be sent
│   ├── RedactionFailed      an error, a time-out or a failed check
│   └── UnsupportedBody      a format that is not understood
└── ShadowEffectBlocked      the guard stopped a side effect (a RuntimeError too)

Nothing but ``SettingsError`` (at start-up), ``CourierError`` (from commands) and
``ShadowEffectBlocked`` (inside a shadow request) ever reaches the user's code.
"""

from __future__ import annotations


class ShadowtapError(Exception):
    """Root of all errors that shadowtap raises."""


class SettingsError(ShadowtapError):
    """A setting is unknown or has a value that is not legal.

    The message names the setting, where it was found and the legal values, and
    never holds a secret.
    """


class CourierError(ShadowtapError):
    """The courier cannot be started or reached."""


class NotRedacted(ShadowtapError):
    """A copy could not be redacted and must not be sent.

    The message names the part of the request and the reason, never a value.
    """


class RedactionFailed(NotRedacted):
    """Redaction raised, took too long, or did not pass its own check."""


class UnsupportedBody(NotRedacted):
    """The body is of a format that redaction does not understand."""


class ShadowEffectBlocked(ShadowtapError, RuntimeError):
    """A side effect was attempted inside a shadow request and stopped.

    A ``RuntimeError`` and not an ``OSError``: clients retry the latter.
    """

    def __init__(self, effect: str) -> None:
        super().__init__(effect)
        self.effect = effect

    def __str__(self) -> str:
        return f"blocked inside a shadow request: {self.effect}"
