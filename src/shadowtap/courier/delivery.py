"""What one configuration needs to deliver: a redactor, and a sender for each target."""

from __future__ import annotations

import asyncio

from shadowtap import shield, wire
from shadowtap.exceptions import NotRedacted, RedactionFailed
from shadowtap.exchange import Exchange, RedactedRequest
from shadowtap.outcome import Outcome
from shadowtap.redact import Redactor
from shadowtap.send.breaker import Breaker
from shadowtap.send.copy import Answer, Copy
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Gate

SENT_AT_ONCE = 64 * 1024 * 1024
"""Bytes of bodies that may wait for one target."""


MAX_REDACTORS = 4
"""Redactors that are kept: those of edits of the settings long past have no use any more."""


class Redactors:
    """Redactors by settings: expensive to make and to warm up, so configurations share them.

    Used in the redacting thread alone.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Redactor] = {}

    def redact(self, configuration: wire.Configure, exchange: Exchange) -> RedactedRequest | NotRedacted:
        """Return the redacted request, or why there is none."""
        try:
            redactor = self._for(configuration)
            return redactor.redact(exchange.request, keep_headers=exchange.keep_headers)
        except NotRedacted as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the copy must not be sent
            return RedactionFailed(shield.where(error))

    def prepare(self, configuration: wire.Configure) -> None:
        """Make the redactor of a configuration; what fails here fails, and is told, with each copy."""
        shield.shielded("redactor", self._for, configuration)

    def _for(self, configuration: wire.Configure) -> Redactor:
        c = configuration
        identity = (c.redact_key, c.redact_timeout, c.redact, c.redact_free_text, c.redact_strict)
        redactor = self._known.pop(identity, None)
        if redactor is None:
            redactor = Redactor(
                c.redact_key,
                timeout=c.redact_timeout,
                rules=c.redact,
                free_text=c.redact_free_text,
                strict=c.redact_strict,
            )
            redactor.warm_up()
            if len(self._known) >= MAX_REDACTORS:
                del self._known[next(iter(self._known))]
        self._known[identity] = redactor
        return redactor


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
