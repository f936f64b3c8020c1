"""Replace what many copies share, without breaking off those that still use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What can be closed."""

    async def aclose(self) -> None:
        """Close it."""


T = TypeVar("T", bound=Closable)


class Shared(Generic[T]):
    """The thing, and how many use it."""

    __slots__ = ("thing", "users")

    def __init__(self, thing: T) -> None:
        self.thing = thing
        self.users = 0


class Rotation(Generic[T]):
    """Shares a thing until a user leaves it spoilt; then makes another and closes the old after its last."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._current = Shared(make())

    def enter(self) -> Shared[T]:
        """Return the present thing, for one more user."""
        self._current.users += 1
        return self._current

    async def leave(self, shared: Shared[T], *, spoilt: bool) -> None:
        """Take note that a user is done, and whether others may go on to use the same."""
        shared.users -= 1
        if spoilt and shared is self._current:
            self._current = Shared(self._make())
        if not shared.users and shared is not self._current:
            await shared.thing.aclose()

    async def aclose(self) -> None:
        """Close the present thing, used or not."""
        await self._current.thing.aclose()
