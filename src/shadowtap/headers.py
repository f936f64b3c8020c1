"""Names of the HTTP headers that shadowtap reads and writes."""

SHADOW_REQUEST = "X-Shadow-Request"
"""On a copy: ``true``. What the guard looks for."""

SHADOW_ID = "X-Shadow-Id"
"""On a copy: the unique id that joins copy, answer, log lines and report."""

SHADOW_SIGNATURE = "X-Shadow-Signature"
"""On a copy, when a key is set: see :mod:`shadowtap.signature`."""

SHADOW_LINK = "X-Shadow-Link"
"""On a copy: the primary's trace context, in the form of a W3C ``traceparent``."""

SHADOW_EFFECTS = "X-Shadow-Effects"
"""On the guard's answer: the effects that it blocked."""

SERVER_TIMING = "Server-Timing"
"""On the guard's answer: ``shadowtap;dur=<milliseconds>``, the app's own time (W3C Server Timing)."""

SHADOW_PREFIX = b"x-shadow-"
"""Lower-cased prefix of every header of ours."""
