"""What one configuration needs to deliver: a redactor, and a sender for each target."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TypeAlias

from shadowtap import shield, wire
from shadowtap.exceptions import CourierError, NotRedacted, RedactionFailed
from shadowtap.exchange import Exchange, RedactedRequest
from shadowtap.outcome import Outcome
from shadowtap.redact import Redactor
from shadowtap.send.breaker import Breaker
from shadowtap.send.copy import Answer, Copy
from shadowtap.send.sender import Sender
from shadowtap.send.turns import Gate

SENT_AT_ONCE = 64 * 1024 * 1024
"""Bytes of bodies that may wait for one target."""


_Identity: TypeAlias = tuple[bytes | None, float, str | None, tuple[str, ...], str | None, tuple[str, ...]]


class Redactors:
    """Redactors by what they are made of: expensive to make and to warm up, so configurations share them.

    Used in the redacting thread alone.
    """

    def __init__(self) -> None:
        self._known: dict[_Identity, Redactor | CourierError] = {}

    def redact(self, configuration: wire.Configure, exchange: Exchange) -> RedactedRequest | NotRedacted:
        """Return the redacted request, or why there is none."""
        try:
            redactor = self._for(configuration)
            return redactor.redact(exchange.request, keep_headers=exchange.keep_headers)
        except NotRedacted as error:
            return error
        except CourierError as error:
            return RedactionFailed(str(error))  # a model or recogniser that cannot be had, and which
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the copy must not be sent
            return RedactionFailed(shield.where(error))

    def prepare(self, configuration: wire.Configure) -> None:
        """Make the redactor of a configuration; what fails here fails, and is told, with each copy."""
        shield.shielded("redactor", self._get, configuration)

    def _for(self, configuration: wire.Configure) -> Redactor:
        redactor = self._get(configuration)
        if isinstance(redactor, CourierError):
            raise redactor.with_traceback(None)
        return redactor

    def _get(self, configuration: wire.Configure) -> Redactor | CourierError:
        """Return the redactor, or why there is none; that is not tried again with each copy."""
        identity = (
            configuration.redact_key,
            configuration.redact_timeout,
            configuration.redact_model,
            configuration.redact_recognisers,
            configuration.redact_recogniser_file,
            configuration.redact_countries,
        )
        redactor = self._known.get(identity)
        if redactor is None:
            redactor = self._known[identity] = _made(configuration)
        return redactor


def _made(configuration: wire.Configure) -> Redactor | CourierError:
    try:
        redactor = Redactor(
            configuration.redact_key,
            timeout=configuration.redact_timeout,
            model=configuration.redact_model,
            recognisers=configuration.redact_recognisers,
            recogniser_file=configuration.redact_recogniser_file,
            countries=configuration.redact_countries,
        )
    except CourierError as error:
        return error
    with suppress(NotRedacted):  # a recogniser of the user's failed; it will with copies, which tell
        redactor.warm_up()
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
