"""What the doors have in common: which side an app is on, and the parts assembled for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shadowtap.capture.mirror import Mirror
from shadowtap.guard.policy import GuardPolicy
from shadowtap.handover import Handover
from shadowtap.settings import LiveSettings, Settings, live, load
from shadowtap.telemetry.ledger import Ledger


def mirror_for(arguments: Mapping[str, Any], framework: Mapping[str, object] | None = None) -> Mirror | None:
    """Return the mirror that the settings ask for, or ``None`` when mirroring is off.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = live(framework=framework, **arguments)
    return None if mirror_off(settings.current) else assemble(settings)


def mirror_off(settings: Settings) -> bool:
    """Tell whether mirroring is off and stays off: no settings file could switch it on later."""
    if settings.role == "shadow":
        return True
    return settings.config is None and (not settings.enabled or not settings.targets)


def assemble(settings: LiveSettings) -> Mirror:
    """Connect ledger, hand-over and mirror. Starts nothing."""
    ledger = Ledger()
    handover = Handover(settings, ledger)
    mirror = Mirror(settings, ledger, handover.put, handover.start)
    handover.housekeeping = mirror.sweep
    mirror.on_startup, mirror.on_shutdown = handover.reopen, handover.close
    return mirror


def guard_for(
    arguments: Mapping[str, Any], framework: Mapping[str, object] | None = None
) -> GuardPolicy | None:
    """Return the guard's policy that the settings ask for, or ``None`` when the guard is off.

    A production app never honours the mark, so the guard is off where the role
    is ``primary``.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = load(framework=framework, **arguments)
    if settings.role == "primary" or settings.guard == "off" or not settings.enabled:
        return None
    return GuardPolicy.from_settings(settings)


def role_for(arguments: Mapping[str, Any], framework: Mapping[str, object] | None = None) -> str:
    """Return the side that the settings put an app on; ``primary`` unless they say ``shadow``.

    Raises:
        SettingsError: a setting is wrong.
    """
    return load(framework=framework, **arguments).role or "primary"
