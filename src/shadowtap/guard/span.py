"""A span for a shadow request, with a link to the primary's: the two traces stay apart, and can be found."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from shadowtap.guard.admission import Guarded

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanContext

NAME = "shadowtap.shadow_request"
ID = "shadowtap.id"

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


def start(guarded: Guarded) -> Span | None:
    """Start the span; ``None`` in a process that has not imported OpenTelemetry.

    It does not become the current span: the app's own spans are those that it
    has as production. Its parent is the current span, else the one that the
    request names, so that it stands in the trace of the app's own spans.
    """
    if "opentelemetry.trace" not in sys.modules:
        return None
    from opentelemetry import trace

    parent = _context(guarded.parent)
    current = trace.get_current_span().get_span_context().is_valid
    context = None
    if parent is not None and not current:
        context = trace.set_span_in_context(trace.NonRecordingSpan(parent))
    link = _context(guarded.link)
    return trace.get_tracer("shadowtap").start_span(
        NAME,
        context=context,
        attributes={ID: guarded.scope.id},
        links=[trace.Link(link)] if link is not None else None,
    )


def _context(traceparent: str) -> SpanContext | None:
    """Read a W3C ``traceparent``; ``None`` when it is none."""
    from opentelemetry.trace import SpanContext, TraceFlags

    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
