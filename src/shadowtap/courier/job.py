"""One exchange on its way through the courier."""

from __future__ import annotations

import time

from shadowtap.courier.client import Client
from shadowtap.courier.delivery import Delivery
from shadowtap.exchange import Exchange
from shadowtap.outcome import Outcome


class Job:
    """One exchange with the web process that it came from and the configuration that it holds under."""

    __slots__ = ("client", "delivery", "exchange", "size")

    def __init__(self, client: Client, delivery: Delivery, exchange: Exchange) -> None:
        self.client = client
        self.delivery = delivery
        self.exchange = exchange
        self.size = sum(map(len, exchange.request.body)) + sum(map(len, exchange.response.body))

        delivery.open += len(exchange.targets)

    def count(self, target: str, outcome: Outcome, duration: float | None = None) -> None:
        """Account for the end of one of its copies."""
        self.delivery.open -= 1
        self.client.count(target, outcome, duration)

    def closed(self, target: str) -> Outcome | None:
        """Return why its copy for a target must not leave at this moment, if so."""
        current = self.client.configuration
        if current is not None and current is not self.delivery.configuration:
            addresses = [(known.name, known.url) for known in current.targets]
            if (target, self.delivery.address(target)) not in addresses:
                return Outcome.PAUSED  # the target was taken out of the settings meanwhile
        return self.client.closed()

    def end(self, outcome: Outcome) -> None:
        """Account for all its copies at once."""
        for target in self.exchange.targets:
            self.count(target, outcome)

    def deadline(self) -> float:
        """Return when its copies must have ended (monotonic): the time limit counts from the hand-over."""
        age = time.time() - self.exchange.captured_at - self.exchange.response.duration
        return time.monotonic() + self.delivery.configuration.timeout - max(age, 0.0)
