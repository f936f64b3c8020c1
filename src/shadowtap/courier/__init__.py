"""The courier process: receive, redact, sign, send, and report what came of it."""
