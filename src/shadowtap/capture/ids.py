"""Ids of copies: unique without a system call per request, and recognisable by the process that made them."""

from __future__ import annotations

import itertools
import os


class Ids:
    """Makes ids of 32 hexadecimal digits: 80 random bits of the process, then a 48-bit counter.

    The random part cannot be guessed from outside, so a request that carries it
    is a copy of ours that came back: a loop.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Draw a new random part: a forked child must not repeat its parent's ids."""
        self._pid = os.getpid()
        self._prefix = os.urandom(10).hex()
        self._count = itertools.count()

    def new(self) -> str:
        """Return an id that was never returned before."""
        if os.getpid() != self._pid:  # uWSGI forks without telling Python
            self.renew()
        return f"{self._prefix}{next(self._count):012x}"

    def made(self, id: str) -> bool:
        """Tell whether this process made the id."""
        return len(id) == 32 and id.startswith(self._prefix)


ids = Ids()
os.register_at_fork(after_in_child=ids.renew)
