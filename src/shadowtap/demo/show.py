"""The demo from curtain to curtain."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path

from shadowtap.demo import httpbin_act, shop_act
from shadowtap.demo.screen import Screen


def run() -> int:
    """Play both acts; return 0 when every promise held, 1 otherwise."""
    screen = Screen()
    keys = {"SHADOWTAP_KEY": secrets.token_hex(32), "SHADOWTAP_REDACT_KEY": secrets.token_hex(32)}
    with tempfile.TemporaryDirectory(prefix="shadowtap-demo-") as folder:
        for act in (httpbin_act, shop_act):
            room = Path(folder, act.__name__.rpartition(".")[2])
            room.mkdir()
            with ExitStack() as stack:
                act.play(screen, stack, room, keys)
    screen.heading("Result")
    if screen.broken:
        screen.say(f"{screen.broken} promises were broken.")
        return 1
    screen.say("Every promise held.")
    return 0
