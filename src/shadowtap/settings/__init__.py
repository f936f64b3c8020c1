"""Settings: from arguments, framework settings, a TOML file and the environment to frozen values."""

from __future__ import annotations

from .following import LiveSettings, live
from .loading import load
from .model import RedactRule, Rule, Secret, Settings, Target
from .parse import check_percent

__all__ = [
    "LiveSettings",
    "RedactRule",
    "Rule",
    "Secret",
    "Settings",
    "Target",
    "check_percent",
    "live",
    "load",
]
