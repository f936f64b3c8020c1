"""Presidio's traps, closed: time-outs that pass for misses, loggers that hold texts, downloads."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, Pattern

_REGEX_SECONDS = 0.25
_LOGGERS = ("presidio-analyzer", "decision_process", "spacy")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


class RecogniserTimedOut(Exception):
    """A regular expression took too long, so nobody knows whether it would have matched."""


class _WatchedExpression:
    """A compiled expression whose time-out cannot be mistaken for a miss."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def finditer(self, text: str, **_: object) -> Iterator[Any]:
        try:
            yield from self._compiled.finditer(text, timeout=_REGEX_SECONDS)
        except TimeoutError:
            # Presidio catches TimeoutError, logs it and goes on: so it must be another exception.
            raise RecogniserTimedOut from None


class _WatchedPattern(Pattern):
    """A pattern that watches whatever Presidio compiles for it, also with other flags later on."""

    @property
    def compiled_regex(self) -> Any:
        return self._expression

    @compiled_regex.setter
    def compiled_regex(self, compiled: Any) -> None:
        self._expression = None if compiled is None else _WatchedExpression(compiled)


def watch(recogniser: EntityRecognizer) -> EntityRecognizer:
    """Compile a recogniser's expressions and make their time-outs raise ``RecogniserTimedOut``."""
    patterns = getattr(recogniser, "patterns", None)
    if patterns:
        flags = getattr(recogniser, "global_regex_flags")  # noqa: B009 - not on the typed parent
        # Copies: those of Presidio's own recognisers belong to their classes.
        recogniser.patterns = [_watched(pattern, flags) for pattern in patterns]  # type: ignore[attr-defined]
    return recogniser


def _watched(pattern: Pattern, flags: int) -> _WatchedPattern:
    fresh = _WatchedPattern(pattern.name, pattern.regex, pattern.score)
    fresh.compiled_regex = regex.compile(pattern.regex, flags=flags)
    fresh.compiled_with_flags = flags  # type: ignore[assignment]  # untyped in Presidio
    return fresh


def silence() -> None:
    """Let nothing out of Presidio's loggers and spaCy's: their messages may hold what was analysed."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


def stay_offline() -> None:
    """Keep what recognisers use from the network: the list of public suffixes, and the hub of models."""
    import tldextract  # Presidio's own dependency, for its recogniser of addresses

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    for variable in _OFFLINE:
        os.environ.setdefault(variable, "1")
