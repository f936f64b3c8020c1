"""Single values outside of any request: the cells of a table that is to match what is sent."""

from __future__ import annotations

from collections.abc import Callable

from shadowtap.exceptions import NotRedacted, RedactionFailed
from shadowtap.redact import entities
from shadowtap.redact.budget import Budget
from shadowtap.redact.form import form_field
from shadowtap.redact.guards import TEXT_GUARDS
from shadowtap.redact.keys import Field
from shadowtap.redact.plain import plain
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import Engine, Walk


class Values:
    """Gives a value what a request with the same value gets. Not safe for use by several threads at once."""

    def __init__(self, engine: Engine, surrogates: Surrogates, found: frozenset[str], timeout: float) -> None:
        self._engine = engine
        self._surrogates = surrogates
        self._timeout = timeout
        self.entities = found.union(TEXT_GUARDS)
        """What a value can be said to be."""

    def named(self, name: str) -> Callable[[str], str]:
        """Return what redacts the values of a field of that name; it raises ``NotRedacted``."""
        field = form_field(name, ())
        return lambda text: self._text(text, field)

    def of(self, entity: str) -> Callable[[str], str]:
        """Return what redacts values that are known to be an entity; it raises ``NotRedacted``.

        A value that a request would not take for that, even under such a name,
        stays as it would stay there.
        """
        if entity in TEXT_GUARDS:
            field = Field(entity, frozenset())
            return lambda text: self._text(text, field)
        return lambda text: self._surrogate(text, entity)

    def _text(self, text: str, field: Field) -> str:
        budget = Budget(self._timeout)
        budget.part = "value"
        try:
            return Walk(self._engine, budget, {}).text(text, field)
        except NotRedacted:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the value must not be shown
            raise RedactionFailed(f"value: {type(error).__name__}") from None

    def _surrogate(self, text: str, entity: str) -> str:
        """Return the surrogate of what only recognisers find, or that of an id if it is not valid."""
        if not any(map(str.isalnum, text)):
            return text
        try:
            return self._surrogates.text(entity, plain(text))
        except ValueError:
            return self._text(text, _ID)


_ID = Field(entities.ID, frozenset())
