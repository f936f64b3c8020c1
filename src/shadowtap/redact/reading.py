"""Personal data in free text that stays readable: names by a model, and what a sentence says outright.

A model is slow on one text and quick on many. So a first pass over a request
only collects its texts, the model reads them all at once, and a second pass
decides with its answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from shadowtap.redact import entities
from shadowtap.redact.entities import Finding


class Unread(Exception):
    """A text has to be read by the model before one can decide upon it."""


class Model(Protocol):
    """Finds names in texts."""

    def read(self, texts: Sequence[str], tick: Callable[[], None]) -> list[list[Finding]]:
        """Return what is in each text; ``tick`` is called now and then and may raise."""


class Reading:
    """What was found in the free texts of the request at hand."""

    def __init__(self, model: Model | None) -> None:
        self._model = model
        self._answers: dict[str, list[Finding]] = {}
        self._waiting: dict[str, None] = {}

    def find(self, text: str) -> list[Finding]:
        """Return what is personal in a text; raise ``Unread`` when the model has to read it first."""
        names = self._answers.get(text) if self._model is not None else []
        if names is None:
            self._waiting[text] = None
            raise Unread
        return [*stated(text), *names]

    @property
    def waits(self) -> bool:
        """Whether a text waits for the model."""
        return bool(self._waiting)

    def require(self) -> None:
        """Raise ``Unread`` if a text waits for the model."""
        if self._waiting:
            raise Unread

    def read(self, tick: Callable[[], None]) -> None:
        """Have the model read all texts that wait."""
        texts = list(self._waiting)
        self._waiting = {}
        if texts and self._model is not None:
            self._answers.update(zip(texts, self._model.read(texts, tick), strict=True))

    def forget(self) -> None:
        """Forget the texts."""
        self._answers, self._waiting = {}, {}


_DATE = (
    r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
    r"|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日?"
    r"|[0-9]{1,2}\.? [^\W\d_]{3,12}\.?,? [0-9]{4}"
    r"|[^\W\d_]{3,12}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}"
)
_BORN = re.compile(
    r"(?:\b(?:born|dob|d\.o\.b|birth(?:day|date)?|geboren|geb\.|geburts(?:tag|datum)|née?|naissance|nacid[oa]"
    r"|nacimiento|nat[oa] il)\b|生日|出生)"
    rf"[^0-9\n]{{0,16}}?(?P<date>{_DATE})",
    re.IGNORECASE,
)

# Digits of a UUID or a date are no number.
_NUMBER = re.compile(
    r"(?P<other>[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
    r"|(?<![0-9])(?:(?:19|20)[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9]"
    r"|[0-3]?[0-9][-/.][0-3]?[0-9][-/.](?:19|20)[0-9]{2})"
    r"(?![0-9])(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?)"
    r"|(?<!\w)\+?[0-9](?:[ \-./()]{0,2}[0-9]){6,40}(?!\w)"
)

_NAMES = r"(?:[A-ZÀ-Þ][\w'\u2019.\-]{0,30} ){1,4}"
_STREET = re.compile(
    rf"\b[0-9]{{1,5}}[A-Za-z]? {_NAMES}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl"
    r"|Square|Boulevard|Blvd|Way|Terrace|Close|Crescent|Highway|Parkway)\b\.?"
    r"|\b[0-9]{1,4},? ?(?:bis |ter )?(?:rue|avenue|boulevard|place|chemin|impasse|allée|quai)"
    r"(?: (?:de |du |des |la |le |les |l')?[\wÀ-ÿ'\-]{1,30}){1,4}"
    r"|\b[A-ZÀ-Þ][\wÀ-ÿ\-]{1,30}(?:str\.|straße|strasse|weg|platz|allee|gasse|ufer) ?[0-9]{1,4}[a-z]?\b"
    r"|\b(?:Calle|Avenida|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua)(?: [\wÀ-ÿ'\-]{1,30}){1,4},? [0-9]{1,4}\b"
    r"|[\u4e00-\u9fff]{2,12}(?:路|街|道|巷)[0-9]{1,5}[号號弄]"
)


def stated(text: str) -> Iterator[Finding]:
    """Yield dates of birth, numbers of seven digits and more, and streets with their house numbers."""
    if any(map(str.isdecimal, text)):
        for match in _BORN.finditer(text):
            yield Finding(*match.span("date"), entities.BIRTH)
        for match in _NUMBER.finditer(text):
            if match["other"] is None:
                yield Finding(*match.span(), entities.ID)
        for match in _STREET.finditer(text):
            yield Finding(*match.span(), entities.STREET)
