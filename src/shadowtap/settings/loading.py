"""From the sources to one frozen ``Settings``."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from .files import File
from .model import Settings
from .parse import file_path
from .redact_rules import check_model
from .rules import check_names
from .sources import Source, from_arguments, from_environment, from_file, from_framework

Periods = dict[float, float]
"""Length of a period in seconds -> when it began, in seconds since the epoch."""


class Origins(msgspec.Struct, frozen=True):
    """The sources that do not change while the process runs."""

    arguments: Source
    framework: Source
    environment: Source

    def file(self) -> File | None:
        """Return the TOML file that one of them names."""
        named = {**self.environment, **self.framework, **self.arguments}.get("config")
        return None if named is None else File(file_path(named.value, named.place), named.place)

    def settings(self, file: File | None, content: bytes, periods: Periods) -> Settings:
        """Return the settings with this content of the file; raises ``SettingsError``.

        ``periods`` remembers when each period began, so that a ``for`` that is
        read again goes on and does not start anew.
        """
        given = from_file(content, file.path, file.place) if file is not None else {}
        return _settings({**self.environment, **given, **self.framework, **self.arguments}, periods)


def gather(environ: Mapping[str, str] | None, framework: object, arguments: Mapping[str, object]) -> Origins:
    """Read the sources; ``environ`` is ``os.environ`` when ``None``."""
    environ = os.environ if environ is None else environ
    return Origins(from_arguments(arguments), from_framework(framework), from_environment(environ))


def load(
    *,
    environ: Mapping[str, str] | None = None,
    framework: Mapping[str, object] | None = None,
    **arguments: object,
) -> Settings:
    """Return the settings: argument > framework setting > TOML file > environment > default.

    For each field one source wins whole. ``framework`` is the mapping under
    ``SHADOWTAP`` in the framework's settings; ``environ`` is ``os.environ`` when
    absent. Raises ``SettingsError``, whose message never holds a secret.
    """
    origins = gather(environ, framework, arguments)
    file = origins.file()
    return origins.settings(file, file.read() if file is not None else b"", {})


def _settings(given: Source, periods: Periods) -> Settings:
    values: dict[str, Any] = {}
    for field, found in given.items():
        value = found.parse()
        if found.word == "for" and isinstance(value, float):
            value += periods.setdefault(value, time.time())
        values[field] = value
    settings = Settings(**values)
    if settings.rules:
        check_names(settings.rules, settings.targets, given["rules"].place)
    check_model(settings, {field: found.place for field, found in given.items()})
    return settings
