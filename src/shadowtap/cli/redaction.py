"""What ``check`` says of the model and the recognisers that the settings name: can a courier have them?"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

from shadowtap.cli.finding import Finding, Level
from shadowtap.exceptions import CourierError
from shadowtap.handover.child import environment, interpreter
from shadowtap.settings import Settings

TIMEOUT = 120.0
"""Seconds; a large model takes some."""

_LONGEST = 1000


def findings(settings: Settings) -> Iterator[Finding]:
    """Load what the settings name in a process like a courier's, and yield how that went."""
    named = _named(settings)
    if not named:
        return
    subject = "redaction"
    if settings.courier != "child":
        yield Finding(Level.OK, subject, "the shared courier loads its model and recognisers itself")
        return
    try:
        done = subprocess.run(  # noqa: S603 - our own module in our own interpreter
            [interpreter(), "-P", "-m", "shadowtap.redact.trial"],
            input=json.dumps(named),
            env=environment(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (CourierError, OSError) as error:
        yield Finding(Level.ERROR, subject, str(error))
    except subprocess.TimeoutExpired:
        yield Finding(Level.ERROR, subject, f"what the settings name is not loaded after {TIMEOUT:.0f} s")
    else:
        last = (done.stdout.strip().splitlines() or ["it ended without a word"])[-1][:_LONGEST]
        yield Finding(Level.ERROR if done.returncode else Level.OK, subject, last)


def _named(settings: Settings) -> dict[str, Any]:
    named = {
        "model": settings.redact_model,
        "recognisers": settings.redact_recognisers,
        "recogniser_file": settings.redact_recogniser_file,
        "countries": settings.redact_countries,
    }
    return {key: value for key, value in named.items() if value}
