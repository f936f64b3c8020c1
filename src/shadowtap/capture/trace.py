"""The primary's trace context, so that the shadow's request can be linked to the primary's."""

from __future__ import annotations

import re
import sys

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def primary_traceparent(inbound: str | None) -> str:
    """Return the current span as a W3C ``traceparent``; else the request's own; else an empty string.

    A process that has not imported ``opentelemetry.trace`` has no current span,
    so it is not imported here.
    """
    trace = sys.modules.get("opentelemetry.trace")
    if trace is not None:
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
    if inbound is not None and _TRACEPARENT.fullmatch(inbound):
        return inbound
    return ""
