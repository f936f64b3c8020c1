"""The redactors of the configurations in force: what the redacting process does its work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeAlias

from shadowtap import shield, wire
from shadowtap.exceptions import CourierError, NotRedacted, RedactionFailed
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import Redactor

_Identity: TypeAlias = tuple[object, ...]


class Redactors:
    """Redactors by what they are made of: expensive to make and to warm up, so configurations share them.

    Used in one thread alone.
    """

    def __init__(self) -> None:
        self._known: dict[_Identity, Redactor | str] = {}

    def redact(
        self,
        configuration: wire.Configure,
        request: CapturedRequest,
        keep_headers: tuple[str, ...],
        note: Callable[[str], None],
    ) -> RedactedRequest | NotRedacted:
        """Return the redacted request, or why there is none; ``note`` hears which part is at work."""
        try:
            redactor = self._for(configuration)
            return redactor.redact(request, keep_headers=keep_headers, note=note)
        except NotRedacted as error:
            return error
        except CourierError as error:
            return RedactionFailed(str(error))  # a model or recogniser that cannot be had, and which
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the copy must not be sent
            return RedactionFailed(shield.where(error))

    def prepare(self, configurations: Iterable[wire.Configure]) -> None:
        """Make the redactors of these configurations, and forget all others.

        What fails here fails, and is told, with each copy.
        """
        wanted = {_identity(configuration): configuration for configuration in configurations}
        for identity in self._known.keys() - wanted.keys():
            del self._known[identity]
        for configuration in wanted.values():
            shield.shielded("redactor", self._for, configuration)

    def _for(self, configuration: wire.Configure) -> Redactor:
        identity = _identity(configuration)
        redactor = self._known.get(identity)
        if redactor is None:
            try:
                redactor = _made(configuration)
            except Exception as error:
                # Another attempt would fail as well, and cost each copy a second.
                self._known[identity] = str(error) if isinstance(error, CourierError) else shield.where(error)
                raise
            self._known[identity] = redactor
        if isinstance(redactor, str):
            raise RedactionFailed(redactor)
        return redactor


def _made(configuration: wire.Configure) -> Redactor:
    redactor = Redactor(
        configuration.redact_key,
        timeout=configuration.redact_timeout,
        model=configuration.redact_model,
        recognisers=configuration.redact_recognisers,
        recogniser_file=configuration.redact_recogniser_file,
        countries=configuration.redact_countries,
        rules=configuration.redact,
        free_text=configuration.redact_free_text,
        strict=configuration.redact_strict,
    )
    with suppress(NotRedacted):  # a recogniser of the user's failed; it will with copies, which tell
        redactor.warm_up()
    return redactor


def _identity(configuration: wire.Configure) -> _Identity:
    return (
        configuration.redact_key,
        configuration.redact_timeout,
        configuration.redact_model,
        configuration.redact_recognisers,
        configuration.redact_recogniser_file,
        configuration.redact_countries,
        configuration.redact,
        configuration.redact_free_text,
        configuration.redact_strict,
    )
