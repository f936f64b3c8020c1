"""The corpus put through a redactor: what was found of each kind, and what was damaged."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor

from .fields import KINDS, is_held_out
from .persons import LOCALES
from .styles import Named, named, written
from .technical import CATEGORIES
from .texts import text

NEUTRAL = ("value", "q", "x", "data", "v", "field_3", "content", "item")
_WORD = re.compile(r"[^\W\d_]{4,}|[0-9]{5,}")


class Trial(NamedTuple):
    """One value and what became of it."""

    question: str
    kind: str
    name: str
    """How the field is called in the vocabulary."""
    keys: str
    value: str
    out: str
    good: bool


class Tally:
    """Trials, counted by question and kind."""

    def __init__(self) -> None:
        self.seen: dict[str, Counter[str]] = defaultdict(Counter)
        self.good: dict[str, Counter[str]] = defaultdict(Counter)
        self.missed: list[Trial] = []

    def add(self, trial: Trial) -> None:
        """Count a trial."""
        self.seen[trial.question][trial.kind] += 1
        self.good[trial.question][trial.kind] += trial.good
        if not trial.good:
            self.missed.append(trial)

    def share(self, question: str, kind: str | None = None) -> float:
        """Return the share that was found, or left alone, of one kind or of all."""
        if kind is not None:
            return self.good[question][kind] / self.seen[question][kind] if self.seen[question][kind] else 1.0
        return sum(self.good[question].values()) / max(1, sum(self.seen[question].values()))


class Corpus:
    """Trials of everything, by one redactor."""

    def __init__(self, redactor: Redactor, seed: int) -> None:
        self._redactor = redactor
        self._chance = random.Random(seed)

    def trials(self, rounds: int) -> Iterator[Trial]:
        """Put each name and each form through so many times."""
        for _ in range(rounds):
            yield from self._fields()
            yield from self._neutral()
            yield from self._technical()
            yield from self._texts()

    def _fields(self) -> Iterator[Trial]:
        for kind in KINDS:
            for name in kind.names:
                field = named(self._chance, name)
                value = kind.make(self._chance, self._chance.choice(LOCALES))
                out = self._ask(field, value)
                question = "held out" if is_held_out(name) else "telling"
                keys = field.form or ".".join(field.keys)
                yield Trial(question, kind.name, name, keys, value, out, _gone(value, out))

    def _neutral(self) -> Iterator[Trial]:
        for kind in KINDS:
            for _ in range(6):
                value = kind.make(self._chance, self._chance.choice(LOCALES))
                key = self._chance.choice(NEUTRAL)
                out = self._ask(Named((key,), ""), value)
                question = "any name" if kind.everywhere else "neutral"
                yield Trial(question, kind.name, "", key, value, out, _gone(value, out))

    def _technical(self) -> Iterator[Trial]:
        for category in CATEGORIES:
            for name in category.names:
                *around, last = name.split(".")
                style = self._chance.choice(("snake", "camel", "kebab", "pascal"))
                key = last if last.startswith("_") else written(last.split("_"), style)
                value = category.make(self._chance)
                out = self._ask(Named((*around, key), ""), value)
                yield Trial(
                    "technical", category.name, name, ".".join([*around, key]), value, out, out == value
                )

    def _texts(self) -> Iterator[Trial]:
        for _ in range(100):
            value, parts = text(self._chance)
            key = self._chance.choice(("note", "message", "q", "body", "value", "x"))
            out = self._ask(Named((key,), ""), value)
            for kind, part in parts.items():
                yield Trial("texts", kind, "", key, value, out, _gone(part, out))

    def _ask(self, field: Named, value: str) -> str:
        """Return what becomes of a value in a body of its own."""
        if field.form:
            body, kind = urlencode([(field.form, value)]).encode(), b"application/x-www-form-urlencoded"
        else:
            content: object = value
            for key in reversed(field.keys):
                content = {key: content}
            body, kind = json.dumps(content, ensure_ascii=False).encode(), b"application/json"
        fields = ((b"content-type", kind),)
        request = CapturedRequest("POST", "https", b"/v2/entries", b"", fields, (body,), "192.0.2.1", "")
        sent = self._redactor.redact(request).body.decode()
        if field.form:
            return parse_qsl(sent, keep_blank_values=True)[0][1]
        out = json.loads(sent)
        while isinstance(out, dict):
            out = next(iter(out.values()))
        return str(out)


def _gone(value: str, out: str) -> bool:
    """Tell whether a value is no longer there, nor any longer word or number of it but what all streets share."""
    if value in out:
        return False
    if ":" in value or "@" in value:
        return True  # of an address the network may stay
    left = [word for word in _WORD.findall(value) if word in out and word.lower() not in _COMMON]
    return not left or all(map(str.isdecimal, left))


_COMMON = frozenset(
    [
        "street",
        "avenue",
        "lane",
        "road",
        "drive",
        "boulevard",
        "blvd",
        "terrace",
        "platz",
        "straat",
        "calle",
        "plaza",
        "piazza",
        "corso",
        "avda",
        "chemin",
        "travessa",
        "flat",
        "unit",
        "rue",
        "apt",
        "with",
        "and",
        "del",
        "los",
        "las",
        "von",
        "della",
        "place",
    ]
)
