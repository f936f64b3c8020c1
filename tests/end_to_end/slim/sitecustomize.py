"""For ``PYTHONPATH``: an image that holds the app and none of what only the courier needs."""

from __future__ import annotations

import sys

for name in ("presidio_analyzer", "spacy", "phonenumbers", "httpx", "httpx2", "httpx_aiohttp", "aiohttp"):
    sys.modules[name] = None
