"""Names of the metrics and attributes; OpenTelemetry's semantic conventions where they have one."""

METER = "shadowtap"

REQUESTS = "shadowtap.requests"
"""Counter of requests seen by the mirror, per target."""

COPIES = "shadowtap.copies"
"""Counter of copies that have ended, per target and outcome."""

PENDING = "shadowtap.pending"
"""Up-down counter of copies without an outcome yet, per target."""

ANSWER_DURATION = "shadowtap.answer.duration"
"""Histogram of the seconds from sending a copy to the end of the shadow's answer, per target."""

GUARD_REQUESTS = "shadowtap.guard.requests"
"""Counter of requests seen by the guard, per admission."""

TARGET = "shadowtap.target"
OUTCOME = "shadowtap.outcome"
ADMISSION = "shadowtap.admission"
