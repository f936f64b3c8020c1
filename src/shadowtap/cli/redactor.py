"""The redactor that the settings of this environment ask for."""

from __future__ import annotations

import sys

from shadowtap.redact import Redactor
from shadowtap.settings import Settings


def redactor_of(settings: Settings, *, shown: bool = True) -> Redactor:
    """Return a redactor as the courier would make it.

    Warns when its key is random, unless its surrogates are not ``shown``.
    """
    if settings.redact_key is None and shown:
        print(
            "shadowtap: no redact_key: a random one, so surrogates differ from those of every other start; "
            "set SHADOWTAP_REDACT_KEY",
            file=sys.stderr,
        )
    key = None if settings.redact_key is None else settings.redact_key.reveal()
    return Redactor(
        key,
        timeout=settings.redact_timeout,
        model=settings.redact_model,
        recognisers=settings.redact_recognisers,
        recogniser_file=settings.redact_recogniser_file,
        countries=settings.redact_countries,
        rules=settings.redact,
        free_text=settings.redact_free_text,
        strict=settings.redact_strict,
    )
