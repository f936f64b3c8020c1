"""The value of ``X-Shadow-Effects``: how many effects were blocked, and which.

A dictionary in the sense of RFC 9651 (Structured Field Values), with exactly
two members::

    blocked=3, effects=("send_mail" "charge" "charge")

``blocked`` is the number of all effects that were blocked before the answer
began. ``effects`` names them in their order; at most as many as fit into
``MAX_BYTES``. Names are cut at ``MAX_NAME`` characters, and what is not
printable ASCII stands as ``?``.
"""

from __future__ import annotations

import re

from shadowtap.context import ShadowScope

MAX_BYTES = 1024
MAX_NAME = 100

_UNPRINTABLE = re.compile(r"[^ -~]")
_SPECIAL = re.compile(r'(["\\])')
_STRING = r'"((?:[ !#-\[\]-~]|\\["\\])*)"'
_NAMES = re.compile(_STRING)
_FORM = re.compile(rf"blocked=([0-9]{{1,15}}), effects=\(((?:{_STRING}(?: {_STRING})*)?)\)")


def render(scope: ShadowScope) -> str | None:
    """Return the header's value for what a request was kept from so far; ``None`` when that is nothing."""
    names = scope.blocked
    if not names:
        return None
    head = f"blocked={len(names) + scope.dropped}, effects=("
    room = MAX_BYTES - len(head)
    strings = []
    for name in names:
        string = _string(name)
        room -= len(string) + 1
        if room < 0:
            break
        strings.append(string)
    return head + " ".join(strings) + ")"


def parse(value: str) -> tuple[int, tuple[str, ...]] | None:
    """Read the header: the number of effects, and the names that it gives; ``None`` for any other form."""
    if len(value) > MAX_BYTES:
        return None
    match = _FORM.fullmatch(value)
    if match is None:
        return None
    names = (re.sub(r"\\(.)", r"\1", found[1]) for found in _NAMES.finditer(match[2]))
    return int(match[1]), tuple(names)


def _string(name: str) -> str:
    return '"' + _SPECIAL.sub(r"\\\1", _UNPRINTABLE.sub("?", name[:MAX_NAME])) + '"'
