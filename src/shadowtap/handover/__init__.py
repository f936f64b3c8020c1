"""From the app's threads to the courier: bounded, lazy, fork-safe, and never in the way."""

from __future__ import annotations

from shadowtap.handover.handover import Handover

__all__ = ["Handover"]
