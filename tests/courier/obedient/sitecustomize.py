"""For ``PYTHONPATH``: redacting processes of the tests, which do what a body says, and need no Presidio."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable

if "shadowtap.courier.nursery" in sys.orig_argv:
    from shadowtap import redact
    from shadowtap.exchange import CapturedRequest, RedactedRequest

    kept: list[bytes] = []

    class Obedient:
        def __init__(self, key: bytes | None, **_: object) -> None:
            if key == b"cannot be made":
                raise ValueError("kanarek")
            if key == b"ends the nursery":
                os._exit(3)

        def warm_up(self) -> None:
            pass

        def redact(
            self, request: CapturedRequest, *, keep_headers: tuple[str, ...], note: Callable[[str], None]
        ) -> RedactedRequest:
            for part, orders in (("path", request.path), ("body", b"".join(request.body))):
                note(part)
                obey(orders)
            return RedactedRequest(request.method, request.path, b"", (), b"".join(request.body))

    def obey(order: bytes) -> None:
        if order.startswith(b"hang"):
            re.match(r"(a+)+$", "a" * 64 + "b")  # holds the interpreter lock for ages
        elif order.startswith(b"sleep"):
            time.sleep(600)
        elif order.startswith(b"die"):
            os.kill(os.getpid(), signal.SIGKILL)
        elif order.startswith(b"grow"):
            kept.append(os.urandom(1024 * 1024) * int(order.removeprefix(b"grow ")))
        elif order.startswith(b"balloon"):
            while len(kept) < 4000:
                kept.append(os.urandom(1024 * 1024))
        elif order.startswith(b"rave"):
            os.write(2, b"kanarek")
            sys.exit("kanarek")

    redact.Redactor = Obedient  # type: ignore[assignment, misc]
