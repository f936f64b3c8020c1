"""One pass over one request: every value goes through here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.redact.budget import MAX_DEPTH, Budget
from shadowtap.redact.cache import Cache
from shadowtap.redact.keys import NO_FIELD, Field
from shadowtap.redact.leaf import LeafRedactor, Outcome
from shadowtap.redact.reading import Unread
from shadowtap.redact.shapes import is_time_zone
from shadowtap.redact.surrogates.keyed import Keyed

MIN_REMOVED = 6
"""Characters of a removed string from which on it must not occur anywhere in what leaves."""

_MAX_CACHED = 512
_LONG_NUMBER = 9
_TRIVIAL = re.compile(r"[A-Za-z_\-]{1,15}|-?[0-9]{1,6}(?:\.[0-9]{1,2})?").fullmatch
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_WRITTEN_NUMBER = re.compile(r"[0-9 +()./\-\u00a0]+").fullmatch
_NO_DIGIT = re.compile(r"[^0-9]+")
_KEEP: Final = Outcome("", ())

Decide = Callable[[str, Field], "Outcome | None"]
Nested = Callable[[str, Field, "Walk"], "str | None"]
"""Redacts a container inside a string; ``None`` when the string is none."""


class Decider:
    """Decides on values, and remembers without keeping them what it decided."""

    __slots__ = ("_cache", "_decide", "_tag")

    def __init__(self, decide: Decide, tag: Callable[[bytes], bytes], cache: Cache[Outcome]) -> None:
        self._decide = decide
        self._tag = tag
        self._cache = cache

    def __call__(self, text: str, field: Field) -> Outcome:
        """Return what becomes of a value; ``_KEEP`` when it stays."""
        if len(text) > _MAX_CACHED:
            return self._decide(text, field) or _KEEP
        digest = self._tag(field.tag + text.encode("utf-8", "surrogatepass"))
        outcome = self._cache.get(digest)
        if outcome is None:
            outcome = self._decide(text, field) or _KEEP
            self._cache.put(digest, outcome)
        return outcome


class Engine:
    """What all passes share: the decisions and their memory."""

    __slots__ = ("every", "nested", "number", "strict", "text")

    def __init__(self, leaves: LeafRedactor, keyed: Keyed, nested: Nested, cache_size: int) -> None:
        cache: Cache[Outcome] = Cache(cache_size)
        self.nested = nested
        self.every = leaves.every
        """Also the plainest values are decided upon."""
        self.text = Decider(leaves.text, keyed.tagger(b"cache-text"), cache)
        self.number = Decider(leaves.number, keyed.tagger(b"cache-number"), cache)
        self.strict = Decider(leaves.strict, keyed.tagger(b"cache-strict"), cache)


class Walk:
    """The values of one request on their way through the decisions.

    ``known`` holds strings that an earlier pass removed in one place and found
    again in another; they are replaced wherever they occur.
    """

    __slots__ = ("_depth", "_engine", "_known", "budget", "removed")

    def __init__(self, engine: Engine, budget: Budget, known: Mapping[str, str]) -> None:
        self._engine = engine
        self._known = known
        self._depth = 0
        self.budget = budget
        self.removed: dict[str, str] = {}
        """What was taken out, with what stands there instead; nothing for what was dropped."""

    def text(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a string."""
        self.budget.spend()
        if not text or (not field.kind and not self._engine.every and _TRIVIAL(text)):
            fresh = text
        else:
            inner = self._engine.nested(text, field, self)
            fresh = self._decided(self._engine.text, text, field) if inner is None else inner
        return self._replace_known(fresh) if self._known else fresh

    def number(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a JSON number, which is a number too."""
        self.budget.spend()
        fresh = text
        if field.kind or len(text) >= _LONG_NUMBER or self._engine.every:
            fresh = self._noted(text, self._engine.number(text, field))
        if self._known:
            replaced = self._replace_known(fresh)
            fresh = replaced if _JSON_NUMBER(replaced) else fresh
        return fresh

    def name(self, name: str, field: Field) -> str:
        """Return what is to be sent for a field's name, which may be somebody's address or number itself."""
        self.budget.spend()
        if not field.plain:
            return self.strict(name)
        return self._replace_known(name) if self._known else name

    def strict(self, text: str, field: Field = NO_FIELD) -> str:
        """Return a text in which only what recognisers find is replaced."""
        self.budget.check()
        fresh = self._noted(text, self._engine.strict(text, field))
        return self._replace_known(fresh) if self._known else fresh

    def descend(self) -> None:
        """Enter a container inside a string; raise ``RedactionFailed`` when there are too many around it."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RedactionFailed(f"{self.budget.part}: nested deeper than {MAX_DEPTH} levels")

    def ascend(self) -> None:
        """Leave a container inside a string."""
        self._depth -= 1

    def refuse(self, reason: str) -> NoReturn:
        """Raise ``UnsupportedBody`` for the body and ``RedactionFailed`` for any other part."""
        part = self.budget.part
        raise (UnsupportedBody if part == "body" else RedactionFailed)(f"{part}: {reason}")

    def remember(self, text: str, surrogate: str = "") -> None:
        """Note that a text must not occur in what leaves; without a surrogate it is a dropped credential."""
        if len(text) >= MIN_REMOVED:
            self.removed[text] = surrogate
            if surrogate and len(text) > _LONG_NUMBER:
                if _WRITTEN_NUMBER(text):
                    self._remember_digits(text, surrogate)
                elif "@" in text:
                    self._remember_user(text, surrogate)

    def _remember_digits(self, text: str, surrogate: str) -> None:
        """Note a number as it reads without separators and country code."""
        digits, fresh = _NO_DIGIT.sub("", text), _NO_DIGIT.sub("", surrogate)
        if len(digits) >= _LONG_NUMBER and len(fresh) == len(digits):
            self.removed[digits[-_LONG_NUMBER:]] = fresh[-_LONG_NUMBER:]

    def _remember_user(self, text: str, surrogate: str) -> None:
        """Note the user of an address, unless it is a single word, which may be an office or a function."""
        user = text.partition("@")[0]
        if len(user) >= MIN_REMOVED and not user.isalpha() and " " not in user:
            self.removed[user] = surrogate.partition("@")[0]

    def _decided(self, decider: Decider, text: str, field: Field) -> str:
        try:
            return self._noted(text, decider(text, field))
        except Unread:
            return text  # for now: nothing of this pass is sent

    def _noted(self, text: str, outcome: Outcome) -> str:
        if outcome is _KEEP:
            return text
        for start, end, surrogate in outcome.removed:
            self.remember(text[start:end], surrogate)
        return outcome.text

    def _replace_known(self, text: str) -> str:
        if is_time_zone(text):
            return text
        for removed, surrogate in self._known.items():
            if removed in text:
                text = text.replace(removed, surrogate)
        return text
