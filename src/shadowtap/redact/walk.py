"""One pass over one request: every value goes through here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.redact.budget import MAX_DEPTH, Budget
from shadowtap.redact.cache import Cache
from shadowtap.redact.decision import KEPT, Outcome, surrogate_of
from shadowtap.redact.keys import NO_FIELD, Field, looks_like_name
from shadowtap.redact.leaf import LeafRedactor
from shadowtap.redact.notes import Done, Kind, Note, Step, shown_place
from shadowtap.redact.reading import Unread
from shadowtap.redact.rules import Rules
from shadowtap.redact.shapes import is_time_zone, is_unmistakable
from shadowtap.redact.surrogates.keyed import Keyed

MIN_REMOVED = 6
"""Characters of a removed string from which on it must not occur anywhere in what leaves."""

OTHER = "*"
"""Stands in a place for what has no name, or one that is itself data."""
TOKEN_START = "eyJ"  # noqa: S105 - how the Base64 of a JSON object begins
"""What a JSON Web Token begins with."""

_MAX_CACHED = 512
_LONG_NUMBER = 9
_TRIVIAL = re.compile(r"[A-Za-z_\-]{1,15}|-?[0-9]{1,6}(?:\.[0-9]{1,2})?").fullmatch
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_WRITTEN_NUMBER = re.compile(r"[0-9 +()./\-\u00a0]+").fullmatch
_NO_DIGIT = re.compile(r"[^0-9]+")
_OPENED = Outcome("", (), Step.CONTAINER)
_KNOWN = Outcome("", (), Step.SELF_CHECK)

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
        """Return what becomes of a value; ``KEPT`` when it stays because nobody took it for anything."""
        if len(text) > _MAX_CACHED:
            return self._decide(text, field) or KEPT
        digest = self._tag(field.tag + text.encode("utf-8", "surrogatepass"))
        outcome = self._cache.get(digest)
        if outcome is None:
            outcome = self._decide(text, field) or KEPT
            self._cache.put(digest, outcome)
        return outcome


class Engine:
    """What all passes share: the decisions and their memory."""

    __slots__ = ("_cache", "_keyed", "every", "nested", "number", "rules", "strict", "text")

    def __init__(self, leaves: LeafRedactor, keyed: Keyed, nested: Nested, cache_size: int) -> None:
        self._cache: Cache[Outcome] = Cache(cache_size)
        self._keyed = keyed
        self.nested = nested
        self.every = leaves.every
        """Also the plainest values are decided upon."""
        self.text = self.remembered(leaves.text, b"text")
        self.number = self.remembered(leaves.number, b"number")
        self.strict = self.remembered(leaves.strict, b"strict")
        self.rules: Rules | None = None
        """The user's, where there are any; they come before all other decisions."""

    def remembered(self, decide: Decide, name: bytes) -> Decider:
        """Return a decision that is looked up first among those that were made under this name."""
        return Decider(decide, self._keyed.tagger(b"cache-" + name), self._cache)


class Walk:
    """The values of one request on their way through the decisions.

    ``known`` holds strings that an earlier pass removed in one place and found
    again in another; they are replaced wherever they occur. ``notes`` gets what
    was decided, if somebody asks.
    """

    __slots__ = ("_depth", "_engine", "_known", "budget", "kept", "names", "notes", "readings", "removed")

    def __init__(
        self, engine: Engine, budget: Budget, known: Mapping[str, str], notes: list[Note] | None = None
    ) -> None:
        self._engine = engine
        self._known = known
        self._depth = 0
        self.notes = notes
        self.budget = budget
        self.names: list[str] = []
        """Around the value at work, outermost first; a format with many values changes it directly."""
        self.removed: dict[str, str] = {}
        """What was taken out, with what stands there instead; nothing for what was dropped."""
        self.kept: list[str] = []
        """What a rule lets through whatever it is, the last check included."""
        self.readings: list[bytes] = []
        """What leaves in an encoding that the last check does not read, in UTF-8."""

    def text(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a string."""
        plain = not field.kind and not self._engine.every
        if not text or (plain and _TRIVIAL(text)):
            self.budget.count()
            fresh = text
            if self.notes is not None:
                self.note("string", text, KEPT)
        else:
            self.budget.spend()
            inner = self._engine.nested(text, field, self)
            if inner is not None:
                fresh = inner
                if self.notes is not None:
                    self.note("string", text, _OPENED._replace(kept=inner == text))
            elif plain and self.notes is None and is_unmistakable(text):
                fresh = text
            else:
                fresh = self._decided(text, field)
        return self._replace_known("string", fresh) if self._known else fresh

    def number(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a JSON number, which is a number too."""
        self.budget.count()
        fresh = text
        if field.kind or len(text) >= _LONG_NUMBER or self._engine.every:
            self.budget.check()
            fresh = self._noted("number", text, self._engine.number(text, field))
        elif self.notes is not None:
            self.note("number", text, KEPT)
        return self._number_without_known(fresh) if self._known else fresh

    def by_rule(self, text: str, field: Field) -> str | None:  # noqa: ARG002 - as where there are rules
        """Return what a rule of the user's makes of a string; ``None`` where none decides."""
        return None

    @property
    def ruled(self) -> bool:
        """Whether there are rules of the user's."""
        return False

    @property
    def keeping(self) -> bool:
        """Whether a rule keeps what is around the value at work."""
        return False

    def name(self, name: str, field: Field) -> str:
        """Return what is to be sent for a field's name, which may be somebody's address or number itself."""
        self.budget.count()
        if not field.plain:
            return self.strict(name, kind="name")
        return self._replace_known("name", name) if self._known else name

    def strict(self, text: str, field: Field = NO_FIELD, *, kind: Kind = "string") -> str:
        """Return a text in which only what recognisers find is replaced."""
        self.budget.check()
        fresh = self._noted(kind, text, self._engine.strict(text, field))
        return self._replace_known(kind, fresh) if self._known else fresh

    def place(self) -> str:
        """Return where the value at work stands, such as ``body.customer.zip``.

        That is the part of the request and the names around the value. A position
        in a list is no name; one that is data, such as somebody's address, is ``*``.
        """
        return ".".join([self.budget.part, *self.names])

    def enter(self, name: str) -> None:
        """Go to what stands under a name."""
        self.names.append(name if looks_like_name(name) else OTHER)

    def leave(self) -> None:
        """Come back from what stands under the last name."""
        self.names.pop()

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

    def _decided(self, text: str, field: Field) -> str:
        try:
            return self._noted("string", text, self._engine.text(text, field))
        except Unread:
            return text  # for now: nothing of this pass is sent

    def note(self, kind: Kind, text: str, outcome: Outcome, *, dropped: bool = False) -> None:
        """Tell those who ask what became of a value; call it only where there are ``notes``."""
        if self.notes is not None:
            done: Done = "kept" if outcome.kept else "dropped" if dropped else "replaced"
            shown = "" if outcome.kept else surrogate_of(outcome)
            place = shown_place(self.place())
            self.notes.append(Note(place, kind, len(text), done, outcome.step, outcome.entity, shown))

    def _noted(self, kind: Kind, text: str, outcome: Outcome, *, dropped: bool = False) -> str:
        if self.notes is not None:
            self.note(kind, text, outcome, dropped=dropped)
        if outcome.kept:
            return text
        fresh = outcome.text
        for start, end, surrogate in outcome.removed:
            old = text[start:end]
            if surrogate.startswith(TOKEN_START):
                # A token within a text gets the surrogate that it has on its own.
                token = self._engine.nested(old, NO_FIELD, self)
                if token is not None:
                    fresh = fresh.replace(surrogate, token)
                    continue
            self.remember(old, surrogate)
        return fresh

    def _number_without_known(self, text: str) -> str:
        replaced = self._replace_known("number", text)
        return replaced if _JSON_NUMBER(replaced) else text

    def _replace_known(self, kind: Kind, text: str) -> str:
        if is_time_zone(text):
            return text
        fresh = text
        for removed, surrogate in self._known.items():
            if removed in fresh:
                fresh = fresh.replace(removed, surrogate)
        if self.notes is not None and fresh != text:
            self.note(kind, text, _KNOWN)
        return fresh
