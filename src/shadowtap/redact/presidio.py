"""Presidio: its recognisers and ours, run one by one and only where they can match.

The only file that imports ``presidio_analyzer``. What it closes off:

* A regular expression that runs into its time limit is logged and skipped by
  Presidio; here it raises, so that the copy is not sent.
* No NLP engine runs, so no model is needed and no vocabulary keeps customer data.
* Recognisers with unbounded expressions (URL, e-mail), that look names up in the
  public suffix list over the network (e-mail), or that take every date, UUID or
  sample number are not loaded; ours stand in under the same entity names.
* Presidio's loggers are silenced: some of their messages hold the text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from presidio_analyzer import EntityRecognizer, LocalRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.predefined_recognizers import (
    CryptoRecognizer,
    MedicalLicenseRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    UsBankRecognizer,
    UsItinRecognizer,
    UsLicenseRecognizer,
    UsPassportRecognizer,
)

from shadowtap.redact.entities import Finding
from shadowtap.redact.recognisers import RECOGNISERS, Recogniser
from shadowtap.redact.scan import scan

THRESHOLD = 0.4
"""Least score of a finding, after Presidio's increase for a key word beside it."""

MAX_STOCK_TEXT = 512
"""Presidio's own recognisers run on texts up to this length; longer ones are free text or opaque."""

_NONE: Any = None
"""No explanation and no NLP artefacts, which Presidio allows and its types do not."""

_REGEX_SECONDS = 0.25
_CONTEXT_BOOST = 0.35

# Words of the field's name that let a recogniser run. Presidio's own lists are wider and match parts of words
# ("lic" in "click"); what these expressions match without a word beside them is any number.
_CUES: tuple[tuple[type[Any], frozenset[str]], ...] = (
    (UsBankRecognizer, frozenset({"acct", "debit", "bankaccount", "checking"})),
    (
        UsLicenseRecognizer,
        frozenset({"driver", "drivers", "driving", "lic", "license", "licence", "dls", "cdls"}),
    ),
    (UsItinRecognizer, frozenset({"itin", "tin", "taxpayer", "taxid", "tax"})),
    (UsPassportRecognizer, frozenset({"passport", "travel"})),
    (NhsRecognizer, frozenset({"nhs"})),
    (MedicalLicenseRecognizer, frozenset({"medical", "dea"})),
    (PhoneRecognizer, frozenset({"telephone", "cell", "call", "caller", "callback", "dial", "sms"})),
)
_MAX_ASKED = 4096
_PHONE_LIKE = re.compile(r"\(?[0-9]{1,5}\)?(?:[ \-/.][0-9]{2,5}){2,4}")
_PHONE_DIGITS = range(9, 14)
_CRYPTO_DIGITS, _CRYPTO_LENGTHS = 2, range(26, 63)


class RecogniserTimedOut(Exception):
    """A regular expression took too long, so nobody knows whether it would have matched."""


class _WatchedPattern:
    """A compiled expression whose time-out cannot be mistaken for a miss."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def finditer(self, text: str, **_: object) -> Iterator[Any]:
        try:
            yield from self._compiled.finditer(text, timeout=_REGEX_SECONDS)
        except TimeoutError:
            # Presidio catches TimeoutError, logs it and goes on: so it must be another exception.
            raise RecogniserTimedOut from None


def watch(recogniser: EntityRecognizer) -> EntityRecognizer:
    """Compile a recogniser's expressions and make their time-outs raise ``RecogniserTimedOut``."""
    import regex  # Presidio's own dependency, known to be there only beside it

    for pattern in getattr(recogniser, "patterns", ()):
        flags = getattr(recogniser, "global_regex_flags")  # noqa: B009 - not on the typed parent
        pattern.compiled_regex = _WatchedPattern(regex.compile(pattern.regex, flags=flags))
        pattern.compiled_with_flags = flags
    return recogniser


class ValidatedRecogniser(LocalRecognizer):
    """One of our recognisers as Presidio knows them; what it finds has passed its check: score 1."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._find = recogniser.find
        self.name: str
        super().__init__(list(recogniser.entities), name=f"Shadowtap{recogniser.name.title()}")

    def load(self) -> None:
        """Load nothing: the expressions are compiled with their module."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - as Presidio calls it
        nlp_artifacts: Any = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        """Return the findings in a text."""
        meta: dict[str, Any] = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult(entity, start, end, 1.0, _NONE, meta) for start, end, entity in self._find(text)
        ]


class Detector:
    """All recognisers behind gates that say whether one can match a text at all."""

    def __init__(self) -> None:
        ours = map(ValidatedRecogniser, RECOGNISERS)
        stock = [(watch(kind()), cues) for kind, cues in _CUES]
        crypto = watch(CryptoRecognizer())
        self.registry = RecognizerRegistry([*ours, *(r for r, _ in stock), crypto])
        self._stock = stock
        self._phone = stock[-1][0]
        self._crypto = crypto
        self._asked: dict[frozenset[str], tuple[EntityRecognizer, ...]] = {}
        silence()

    def find(self, text: str, words: frozenset[str] = frozenset()) -> list[Finding]:
        """Return what is personal in a text by its form; ``words`` are those of the field's name.

        Raises ``RecogniserTimedOut``, and whatever a recogniser raises.
        """
        found, digits = scan(text)
        if digits and not found and len(text) <= MAX_STOCK_TEXT:
            self._find_stock(found, text, digits, words)
        return found

    def _find_stock(self, found: list[Finding], text: str, digits: int, words: frozenset[str]) -> None:
        if words:
            for recogniser in self._cued(words):
                _add(found, recogniser, text, _CONTEXT_BOOST)
        if digits >= _CRYPTO_DIGITS and len(text) in _CRYPTO_LENGTHS:
            _add(found, self._crypto, text, 0.0)
        if digits in _PHONE_DIGITS and _PHONE_LIKE.fullmatch(text):
            _add(found, self._phone, text, 0.0)

    def _cued(self, words: frozenset[str]) -> tuple[EntityRecognizer, ...]:
        """Return the recognisers that words of a field's name ask for."""
        found = self._asked.get(words)
        if found is None:
            found = tuple(recogniser for recogniser, cues in self._stock if not cues.isdisjoint(words))
            if len(self._asked) < _MAX_ASKED:
                self._asked[words] = found
        return found

    def warm_up(self) -> None:
        """Run each recogniser once, so that the first request does not pay for compiling."""
        sample = "a 555-01 20 99 b"
        for recogniser in self.registry.recognizers:
            recogniser.analyze(sample, recogniser.supported_entities, _NONE)
        self.find("+1 212 555 0187")


def _add(found: list[Finding], recogniser: EntityRecognizer, text: str, boost: float) -> None:
    for result in recogniser.analyze(text, recogniser.supported_entities, _NONE) or ():
        score = max(result.score + boost, THRESHOLD) if boost else result.score
        if score >= THRESHOLD:
            found.append(Finding(result.start, result.end, result.entity_type))


def silence() -> None:
    """Let nothing out of Presidio's loggers: their messages may hold what was analysed."""
    for name in ("presidio-analyzer", "decision_process"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
