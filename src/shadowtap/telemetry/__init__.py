"""Counting: the ledger of outcomes, and its way into OpenTelemetry."""
