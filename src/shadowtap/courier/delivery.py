"""What one configuration needs to deliver: a sender for each target."""

from __future__ import annotations

import asyncio

from shadowtap import wire
from shadowtap.outcome import Outcome
from shadowtap.send.breaker import Breaker
from shadowtap.send.copy import Answer, Copy
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Gate

SENT_AT_ONCE = 64 * 1024 * 1024
"""Bytes of bodies that may wait for one target."""


class Delivery:
    """The senders of one configuration, with bounds on what waits for each of them."""

    def __init__(self, configuration: wire.Configure) -> None:
        self.configuration = configuration
        self.breakers = {
            target.name: Breaker(configuration.breaker_failures, configuration.breaker_cooldown)
            for target in configuration.targets
        }
        self.senders = {
            target.name: Sender(
                target,
                timeout=configuration.timeout,
                connections=configuration.connections,
                max_answer=configuration.max_answer,
                http2=configuration.http2,
                ca_file=configuration.ca_file,
                key=configuration.key,
                breaker=self.breakers[target.name],
            )
            for target in configuration.targets
        }
        self._waiting = dict.fromkeys(self.senders, 0)
        self._bytes = dict.fromkeys(self.senders, 0)
        self.open = 0
        """Copies under this configuration without an outcome yet."""

    def resting(self) -> dict[str, float]:
        """Return the targets whose breakers are open, and for how many seconds more."""
        rests = {name: breaker.rest() for name, breaker in self.breakers.items()}
        return {name: seconds for name, seconds in rests.items() if seconds}

    def blocked(self, targets: tuple[str, ...]) -> bool:
        """Tell whether the breakers of all these targets would refuse a copy now."""
        return all(name in self.breakers and self.breakers[name].blocks() for name in targets)

    def address(self, target: str) -> str | None:
        """Return the URL of one of the targets."""
        return next((known.url for known in self.configuration.targets if known.name == target), None)

    async def send(self, target: str, copy: Copy, gate: Gate) -> tuple[Outcome, Answer | None]:
        """Send a copy to one of the targets and return how that ended."""
        sender = self.senders.get(target)
        if sender is None:
            return Outcome.PAUSED, None  # the target was taken out of the settings meanwhile
        size = len(copy.request.body)
        if (
            self._waiting[target] >= self.configuration.queue_length
            or self._bytes[target] + size > SENT_AT_ONCE
        ):
            return Outcome.QUEUE_FULL, None
        self._waiting[target] += 1
        self._bytes[target] += size
        try:
            return await sender.send(copy, gate)
        finally:
            self._waiting[target] -= 1
            self._bytes[target] -= size

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.gather(*(sender.close() for sender in self.senders.values()))
