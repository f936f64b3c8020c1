"""One recogniser on one text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from shadowtap.redact.entities import Finding

THRESHOLD = 0.4
"""Least score of a finding, after Presidio's increase for a word beside it."""

CONTEXT_BOOST = 0.35
"""Presidio's increase."""

NOTHING: Any = None
"""No explanation and no NLP artefacts, which Presidio allows and its types do not."""


def run(recogniser: EntityRecognizer, text: str, artefacts: Any = NOTHING) -> list[RecognizerResult]:
    """Return what a recogniser finds, as it reports it."""
    return recogniser.analyze(text, recogniser.supported_entities, artefacts) or []


def boosted(result: RecognizerResult, *, cued: bool, threshold: float = THRESHOLD) -> Iterator[Finding]:
    """Yield the finding of a result whose score suffices, after the increase for a word beside it."""
    score = max(result.score + CONTEXT_BOOST, THRESHOLD) if cued else result.score
    if score >= threshold:
        yield Finding(result.start, result.end, result.entity_type)
