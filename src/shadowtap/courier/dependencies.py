"""What a courier cannot run without; looked for before anything of it is imported."""

from __future__ import annotations

from importlib.util import find_spec

EX_CONFIG = 78
"""Exit status when something is missing (sysexits.h)."""

_NEEDED = ("presidio_analyzer", "httpx", "aiohttp", "httpx_aiohttp", "phonenumbers")


def missing() -> str | None:
    """Return what has to be installed for a courier, as a sentence; ``None`` when all is there."""
    absent = [name.replace("_", "-") for name in _NEEDED if find_spec(name) is None]
    if not absent:
        return None
    return f"the courier needs {', '.join(absent)}: pip install {' '.join(absent)}"
