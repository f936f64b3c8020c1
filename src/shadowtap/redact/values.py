"""Single values outside of any request: the cells of a table that is to match what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shadowtap.exceptions import NotRedacted, RedactionFailed
from shadowtap.redact import entities, json_body
from shadowtap.redact.budget import Budget
from shadowtap.redact.form import form_field, names_in
from shadowtap.redact.guards import TEXT_GUARDS
from shadowtap.redact.keys import NO_FIELD, Field
from shadowtap.redact.plain import plain
from shadowtap.redact.reading import Reading
from shadowtap.redact.ruled_walk import RuledWalk
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import Engine, Walk


class Values:
    """Gives a value what a request with the same value gets. Not safe for use by several threads at once."""

    def __init__(
        self,
        engine: Engine,
        surrogates: Surrogates,
        reading: Reading,
        found: frozenset[str],
        timeout: float,
    ) -> None:
        self._engine = engine
        self._surrogates = surrogates
        self._reading = reading
        self._timeout = timeout
        self.entities = found.union(TEXT_GUARDS)
        """What a value can be said to be."""

    def named(self, name: str) -> Callable[[str], str]:
        """Return what redacts the values of a field of that name; it raises ``NotRedacted``."""
        field, names = form_field(name, ()), names_in(name)
        return lambda text: self._text(text, field, names)

    def of(self, entity: str) -> Callable[[str], str]:
        """Return what redacts values that are known to be an entity; it raises ``NotRedacted``.

        A value that a request would not take for that, even under such a name,
        stays as it would stay there.
        """
        if entity in TEXT_GUARDS:
            field = Field(entity, frozenset())
            return lambda text: self._text(text, field)
        return lambda text: self._surrogate(text, entity)

    def at(
        self, entities_by_place: Mapping[str, str], told: Callable[[str, bool], None]
    ) -> Callable[[str], str]:
        """Return what redacts, in a JSON text, the values at places such as ``user.email`` and no others.

        ``told`` gets the place of each of them, and whether it stayed.
        """
        chosen = {place: (entity, self.of(entity)) for place, entity in entities_by_place.items()}

        def redact(text: str) -> str:
            try:
                return json_body.redact(text, _Chosen(self._engine, Budget(self._timeout), chosen, told))
            except json_body.NotJson:
                raise RedactionFailed("not valid JSON") from None

        return redact

    def _text(self, text: str, field: Field, names: Sequence[str] = ()) -> str:
        """Redact a value; where it has names, by the user's rules for the body."""
        budget = Budget(self._timeout)
        budget.part = "body"
        rules = self._engine.rules if names else None
        try:
            walk = (
                Walk(self._engine, budget, {})
                if rules is None
                else RuledWalk(self._engine, budget, {}, rules)
            )
            for name in names:
                walk.enter(name)
            return self._read(walk, text, field)
        except NotRedacted:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the value must not be shown
            raise RedactionFailed(f"body: {type(error).__name__}") from None
        finally:
            self._reading.forget()

    def _read(self, walk: Walk, text: str, field: Field) -> str:
        fresh = walk.text(text, field)
        if self._reading.waits:
            self._reading.read(walk.budget.check)
            fresh = walk.text(text, field)
        self._reading.require()
        return fresh

    def _surrogate(self, text: str, entity: str) -> str:
        """Return the surrogate of what only recognisers find, or that of an id if it is not valid."""
        if not any(map(str.isalnum, text)):
            return text
        try:
            return self._surrogates.text(entity, plain(text))
        except ValueError:
            return self._text(text, _ID)


class _Chosen(Walk):
    """Redacts what stands at places that were named, and leaves the rest."""

    __slots__ = ("_chosen", "_told")

    def __init__(
        self,
        engine: Engine,
        budget: Budget,
        chosen: Mapping[str, tuple[str, Callable[[str], str]]],
        told: Callable[[str, bool], None],
    ) -> None:
        super().__init__(engine, budget, {})
        self._chosen = chosen
        self._told = told

    def text(self, text: str, field: Field = NO_FIELD) -> str:  # noqa: ARG002 - the user says what it is
        """Return the surrogate of a string at one of the places."""
        place = ".".join(self.names)
        if not text or place not in self._chosen:
            return text
        fresh = self._chosen[place][1](text)
        self._told(place, fresh == text)
        return fresh

    def number(self, text: str, field: Field = NO_FIELD) -> str:  # noqa: ARG002
        """Return the surrogate of a number at one of the places."""
        place = ".".join(self.names)
        if place not in self._chosen:
            return text
        fresh = super().number(text, Field(self._chosen[place][0], frozenset()))
        self._told(place, fresh == text)
        return fresh

    def name(self, name: str, field: Field) -> str:  # noqa: ARG002
        """Return a name as it is."""
        return name


_ID = Field(entities.ID, frozenset())
