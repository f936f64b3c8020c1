"""A pass over a request where rules of the user's come before all other decisions."""

from __future__ import annotations

from collections.abc import Mapping

from shadowtap.redact import entities
from shadowtap.redact.budget import Budget
from shadowtap.redact.decision import KEPT, Outcome
from shadowtap.redact.keys import NO_FIELD, Field
from shadowtap.redact.notes import Kind, Note, Step
from shadowtap.redact.reading import Unread
from shadowtap.redact.rules import Action, Rules
from shadowtap.redact.walk import Engine, Walk

_SWITCHES = ("true", "false")


class RuledWalk(Walk):
    """A ``Walk`` that asks the rules about each value first."""

    __slots__ = ("_keeper", "_rules")

    def __init__(
        self,
        engine: Engine,
        budget: Budget,
        known: Mapping[str, str],
        rules: Rules,
        notes: list[Note] | None = None,
    ) -> None:
        super().__init__(engine, budget, known, notes)
        self._rules = rules
        self._keeper: Action | None = None

    @property
    def ruled(self) -> bool:
        """Whether there are rules of the user's."""
        return True

    @property
    def keeping(self) -> bool:
        """Whether a rule keeps what is around the value at work."""
        return self._keeper is not None

    def text(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a string."""
        action = self._rules[self.place()] or self._keeper
        fresh = None if action is None else self._by(action, text, field)
        return super().text(text, field) if fresh is None else fresh

    def number(self, text: str, field: Field = NO_FIELD) -> str:
        """Return what is to be sent for a JSON number, ``true`` or ``false``."""
        action = self._rules[self.place()] or self._keeper
        if text in _SWITCHES:
            self.budget.spend()
            return "false" if action is not None and action.drops else text
        if action is None or _too_weak(action, field):
            return super().number(text, field)
        self.budget.spend()
        if action.keeps_all:
            self.kept.append(text)
            return self._ruled("number", text, KEPT, action)
        fresh = self._ruled("number", text, KEPT if action.keeps else action.number(text, NO_FIELD), action)
        return self._number_without_known(fresh)

    def by_rule(self, text: str, field: Field) -> str | None:
        """Return what a rule of the user's makes of a string; ``None`` where none decides."""
        action = self._rules[self.place()] or self._keeper
        return None if action is None else self._by(action, text, field)

    def _by(self, action: Action, text: str, field: Field) -> str | None:
        if not text or _too_weak(action, field):
            return None
        self.budget.spend()
        if action.keeps_all:
            self.kept.append(text)
            return self._ruled("string", text, KEPT, action)
        fresh = self._looked_into(text, action) if action.keeps else self._made(text, action)
        return self._replace_known("string", fresh) if self._known else fresh

    def _made(self, text: str, action: Action) -> str:
        try:
            return self._ruled("string", text, action.text(text, NO_FIELD), action)
        except Unread:
            return text  # for now: nothing of this pass is sent

    def _ruled(self, kind: Kind, text: str, outcome: Outcome, action: Action) -> str:
        """Take what a rule decided, and tell those who ask that it was a rule."""
        if self.notes is not None:
            outcome = outcome._replace(step=Step.RULE, entity=action.entity)
        return self._noted(kind, text, outcome, dropped=action.drops)

    def _looked_into(self, text: str, keeper: Action) -> str:
        """Keep a string, but for credentials in it if it is a container."""
        around, self._keeper = self._keeper, keeper
        inner = self._engine.nested(text, NO_FIELD, self)
        self._keeper = around
        return self._ruled("string", text, KEPT, keeper) if inner is None else inner


def _too_weak(action: Action, field: Field) -> bool:
    """Tell whether a rule takes out less than is due to a credential."""
    return action.lenient and field.kind == entities.SECRET
