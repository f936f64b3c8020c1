"""Memory stays flat over requests of ever new values."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from shadowtap.redact import Redactor
from tests.redact.asking import JSON, KEY, captured

pytestmark = [
    pytest.mark.load,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory from Linux"),
]
REQUESTS = 200_000
MB = 2**20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def body(number: int) -> bytes:
    """Two values that are decided upon, free text, a name of a field that is new, and a technical value."""
    content = {
        "email": f"user{number}@posteo.de",
        "note": f"order {number} for Anna",
        f"extra_{number}": number,
        "v": f"{number:016x}z",
    }
    return json.dumps(content).encode()


def test_memory_is_flat_over_200_000_requests_of_ever_new_values() -> None:
    redactor = Redactor(KEY)
    redactor.warm_up()
    warm = 0
    for number in range(REQUESTS):
        redactor.redact(captured(body=body(number), content_type=JSON, path=f"/things/{number}"))
        if number == REQUESTS // 5:  # the memory of decisions is full
            warm = resident()
    assert resident() - warm < 8 * MB
