"""For ``PYTHONPATH``: a recogniser that some values hold up for ages, interpreter lock and all."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

if "shadowtap.courier.nursery" in sys.orig_argv:
    from shadowtap.redact import scan

    emails = scan.emails

    def hostile(text: str) -> Iterator[tuple[int, int]]:
        if text.startswith("evil@"):
            re.match(r"(a+)+$", "a" * 64 + "b")
        yield from emails(text)

    scan.emails = hostile
