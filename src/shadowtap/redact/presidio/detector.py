"""The recognisers behind gates that say whether one can match a text at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
from shadowtap.redact.presidio.countries import CountryRecognisers
from shadowtap.redact.presidio.run import NOTHING, boosted, run
from shadowtap.redact.presidio.users import UserRecognisers, load
from shadowtap.redact.presidio.watched import silence, watch
from shadowtap.redact.recognisers import RECOGNISERS, Recogniser
from shadowtap.redact.scan import scan

MAX_STOCK_TEXT = 512
"""Presidio's own recognisers run on texts up to this length; longer ones are free text or opaque."""

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
_WALLET_LIKE = re.compile(r"[0-9A-Za-z]{26}")


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
            RecognizerResult(entity, start, end, 1.0, NOTHING, meta)
            for start, end, entity in self._find(text)
        ]


class Detector:
    """All recognisers: ours, Presidio's, those of some countries, and the user's own."""

    def __init__(
        self,
        *,
        recognisers: Iterable[str] = (),
        recogniser_file: str | None = None,
        countries: Iterable[str] = (),
        timeout: float = 2.0,
    ) -> None:
        """Load them; raise ``CourierError`` if one of the user's cannot be had."""
        stock = [(watch(kind()), cues) for kind, cues in _CUES]
        crypto = watch(CryptoRecognizer())
        self._stock = stock
        self._phone = stock[-1][0]
        self._crypto = crypto
        self._asked: dict[frozenset[str], tuple[EntityRecognizer, ...]] = {}
        self._countries = CountryRecognisers(countries, frozenset(type(r).__name__ for r, _ in stock))
        self._users = UserRecognisers(load(recognisers, recogniser_file), timeout)
        self.registry = RecognizerRegistry(
            [
                *map(ValidatedRecogniser, RECOGNISERS),
                *(r for r, _ in stock),
                crypto,
                *self._countries.recognisers,
                *self._users.recognisers,
            ]
        )
        self.custom = bool(self._users)
        """There are recognisers of the user's, which want to see every value."""
        self.fewest_digits = 9 if self._countries.recognisers else 11
        """Digits of a JSON number from which on it can be told by its form."""
        silence()

    def find(self, text: str, words: frozenset[str] = frozenset()) -> list[Finding]:
        """Return what is personal in a text by its form; ``words`` are those of the field's name.

        Raises ``RecogniserTimedOut``, and whatever a recogniser raises.
        """
        found, digits = scan(text)
        if not found and len(text) <= MAX_STOCK_TEXT:
            if digits:
                self._find_stock(found, text, digits, words)
            if self._countries.recognisers and not found:
                found.extend(self._countries.find(text, digits, words))
        return found + self._users.find(text, words) if self.custom else found

    def find_custom(self, text: str, words: frozenset[str] = frozenset()) -> list[Finding]:
        """Return what the user's own recognisers find."""
        return self._users.find(text, words)

    def _find_stock(self, found: list[Finding], text: str, digits: int, words: frozenset[str]) -> None:
        if words:
            for recogniser in self._cued(words):
                _add(found, recogniser, text, cued=True)
        if _WALLET_LIKE.search(text):
            _add(found, self._crypto, text, cued=False)
        if digits in _PHONE_DIGITS and self._is_phone_like(text):
            _add(found, self._phone, text, cued=False)

    @staticmethod
    def _is_phone_like(text: str) -> bool:
        """Tell whether a text is groups of digits as people write telephone numbers."""
        return _PHONE_LIKE.fullmatch(text) is not None

    def entities(self) -> frozenset[str]:
        """Return the names of what can be found."""
        return frozenset(
            name for recogniser in self.registry.recognizers for name in recogniser.supported_entities
        )

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
            if recogniser not in self._users.recognisers:
                run(recogniser, sample)
        self.find("+1 212 555 0187")


def _add(found: list[Finding], recogniser: EntityRecognizer, text: str, *, cued: bool) -> None:
    for result in run(recogniser, text):
        found.extend(boosted(result, cued=cued))
