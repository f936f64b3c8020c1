"""The funnel: from requests received to copies answered, with every loss by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shadowtap.outcome import SENT, Outcome

_MEANING = {
    Outcome.EXCLUDED: "by rule, path, method or @no_mirror",
    Outcome.NOT_MARKED: "the endpoint has no @mirror",
    Outcome.NOT_SAMPLED: "outside the percent",
    Outcome.RATE_LIMITED: "over max_rate",
    Outcome.EXPIRED: "after the end time",
    Outcome.PAUSED: "switched off",
    Outcome.LOOP: "was a copy already",
    Outcome.UPGRADE: "websocket, upgrade or CONNECT",
    Outcome.BODY_TOO_LARGE: "over max_body",
    Outcome.BODY_UNREAD: "the app did not read it",
    Outcome.CLIENT_ABORTED: "the client went away",
    Outcome.QUEUE_FULL: "more than could be handled",
    Outcome.COURIER_DOWN: "no courier",
    Outcome.REDACTION_FAILED: "could not be redacted for sure",
    Outcome.UNSUPPORTED_BODY: "a format that redaction does not know",
    Outcome.BREAKER_OPEN: "the shadow is failing",
    Outcome.SHUTDOWN: "still queued at the end",
    Outcome.ANSWERED: "",
    Outcome.TIMEOUT: "no answer in time",
    Outcome.CONNECT_ERROR: "no connection",
    Outcome.TLS_ERROR: "no trusted connection",
    Outcome.PROTOCOL_ERROR: "reset, or not HTTP",
}


def lines(target: str, outcomes: Mapping[str, int], pending: int = 0) -> Iterator[str]:
    """Yield the funnel of one target as lines of text."""
    total = sum(outcomes.values()) + pending
    sent = sum(outcomes.get(outcome.value, 0) for outcome in SENT)
    yield f"{target}"
    yield _line(0, "received", total, total, "")
    for outcome in Outcome:
        number = outcomes.get(outcome.value, 0)
        if number and outcome not in SENT:
            yield _line(1, outcome.value, number, total, _MEANING[outcome])
    if pending:
        yield _line(1, "pending", pending, total, "no outcome yet")
    yield _line(0, "sent", sent, total, "")
    for outcome in Outcome:
        number = outcomes.get(outcome.value, 0)
        if number and outcome in SENT:
            yield _line(1, outcome.value, number, total, _MEANING[outcome])


def _line(depth: int, word: str, number: int, total: int, meaning: str) -> str:
    share = f"{number / total:7.1%}" if total else "       "
    return f"  {'  ' * depth + word:<22}{number:>10,} {share}  {meaning}".rstrip()
