"""What became of every request, and whether that adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .figures import table


class Account(NamedTuple):
    """What the load sent, and what the mirror says about it."""

    sent: int
    received: int
    pending: int
    outcomes: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether each request that was sent has exactly one outcome."""
        return not self.pending and self.sent == self.received == sum(self.outcomes.values())


def amiss(accounts: Mapping[str, Account]) -> list[str]:
    """Return a line for each account that does not add up."""
    return [
        f"{name}: {a.sent} sent, {a.received} received, {sum(a.outcomes.values())} ended, {a.pending} pending"
        for name, a in accounts.items()
        if not a.adds_up
    ]


def account_table(accounts: Mapping[str, Account]) -> str:
    """Return the outcomes by variant."""
    outcomes = sorted({name for account in accounts.values() for name in account.outcomes})
    rows = [
        [name, str(a.sent), str(a.received), *(str(a.outcomes.get(outcome, "-")) for outcome in outcomes)]
        for name, a in accounts.items()
    ]
    return table(["shadow", "requests", "received", *outcomes], rows)
