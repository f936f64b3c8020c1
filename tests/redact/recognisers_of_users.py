"""Recognisers as users write them, found by their dotted paths."""

from __future__ import annotations

import re
import time
from typing import Any

from presidio_analyzer import (
    EntityRecognizer,
    LocalRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
    RemoteRecognizer,
)

HERE = __name__


def path(name: str) -> str:
    return f"{HERE}:{name}"


class Tenant(PatternRecognizer):
    """A subclass: its entity is one that nobody else knows."""

    def __init__(self) -> None:
        super().__init__("TENANT", patterns=[Pattern("tenant", r"\btn-[0-9]{3}[a-z]{2}\b", 0.8)])


badge = PatternRecognizer("BADGE", patterns=[Pattern("badge", r"\b[0-9]{5}\b", 0.05)], context=["badge no"])
"""An instance, which counts beside its cue alone."""


class _Local(LocalRecognizer):
    def load(self) -> None:
        """Load nothing."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        raise NotImplementedError


class Names(_Local):
    """Stands for GLiNER or a transformer: knows some names."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        found = re.finditer(r"zoltana\w*|Rumpelton", text)
        return [RecognizerResult("PERSON", match.start(), match.end(), 0.9) for match in found]


def names() -> EntityRecognizer:
    return Names(["PERSON"])


class Fails(_Local):
    def __init__(self) -> None:
        super().__init__(["ANY"])

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        if "trouble" in text:
            raise KeyError(text)
        return []


class Leaves(Fails):
    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        raise SystemExit(text)


class Sleeps(Fails):
    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        if "trouble" in text:
            time.sleep(0.3)
        return []


class Misses(Fails):
    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        return [RecognizerResult("ANY", 3, len(text) + 1, 1.0)] if "trouble" in text else []


class Hangs(PatternRecognizer):
    """Its expression backtracks for longer than anybody lives."""

    def __init__(self) -> None:
        super().__init__("ANY", patterns=[Pattern("slow", r"(a|a)*$", 0.9)])


class OtherFlags(Hangs):
    """Has Presidio compile its expression once more."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: Any = None
    ) -> Any:
        return super().analyze(text, entities, nlp_artifacts, regex_flags=re.ASCII.value)


class Elsewhere(RemoteRecognizer):
    def __init__(self) -> None:
        super().__init__(["ANY"], "Elsewhere", "en", "1")

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        raise AssertionError("a text left")

    def get_supported_entities(self) -> list[str]:
        return ["ANY"]


def broken() -> EntityRecognizer:
    raise RuntimeError("with a secret")


nothing = dict
