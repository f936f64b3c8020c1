"""Lines of JSON: NDJSON, JSON Lines, and JSON text sequences (RFC 7464)."""

from __future__ import annotations

from shadowtap.redact import json_body
from shadowtap.redact.keys import Context
from shadowtap.redact.walk import Walk

_RECORD = "\x1e"
_BLANK = " \t\r"


def redact(text: str, walk: Walk, context: Context) -> str:
    """Return lines of JSON, each redacted on its own; raise ``NotJson`` if one of them is not JSON."""
    return "\n".join([_line(line, walk, context) for line in text.split("\n")])


def _line(line: str, walk: Walk, context: Context) -> str:
    walk.budget.spend()
    inner = line.removeprefix(_RECORD)
    if not inner.strip(_BLANK):
        return line
    fresh = json_body.redact(inner, walk, context)
    return line if fresh == inner else line[: len(line) - len(inner)] + fresh
