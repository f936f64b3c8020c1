"""What is put in the place of personal data: valid, plausible, and always the same for the same key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shadowtap.redact import entities
from shadowtap.redact.national import NATIONAL_IDS
from shadowtap.redact.surrogates.contact import email, phone
from shadowtap.redact.surrogates.dates import birth
from shadowtap.redact.surrogates.identity import cn_id, ssn
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.national import national_id
from shadowtap.redact.surrogates.network import ip, mac
from shadowtap.redact.surrogates.numbers import coordinate, coordinates, number
from shadowtap.redact.surrogates.payment import card, iban
from shadowtap.redact.surrogates.people import address, name
from shadowtap.redact.surrogates.scramble import only_digits, scramble
from shadowtap.redact.surrogates.secrets import jwt, secret

Maker = Callable[[Keyed, str], str]

_MAKERS: Mapping[str, Maker] = {
    entities.EMAIL: email,
    entities.PHONE: phone,
    entities.CARD: card,
    entities.IBAN: iban,
    entities.IP: ip,
    entities.MAC: mac,
    entities.SSN: ssn,
    entities.CN_ID: cn_id,
    entities.JWT: jwt,
    entities.SECRET: secret,
    entities.PERSON: name,
    entities.STREET: address,
    entities.CITY: address,
    entities.BIRTH: birth,
    entities.GEO: coordinates,
    entities.BARE_NAME: name,
    entities.PLACE: address,
    entities.ORGANISATION: name,
    entities.GROUP: name,
}
_NUMERIC = frozenset({entities.PHONE, entities.CARD, entities.SSN, entities.CN_ID})
_FULL_DATE = 8


class Surrogates:
    """Maker of surrogates under one key."""

    __slots__ = ("keyed",)

    def __init__(self, key: bytes) -> None:
        self.keyed = Keyed(key)

    def text(self, entity: str, text: str) -> str:
        """Return the surrogate of a text that is an ``entity``; never the text itself.

        Raises ``ValueError`` if the text is not of that kind or has nothing to replace.
        """
        maker = _MAKERS.get(entity)
        if maker is not None:
            fresh = maker(self.keyed, text)
        elif entity in NATIONAL_IDS:
            fresh = national_id(self.keyed, entity, text)
        else:
            fresh = scramble(self.keyed, entity.encode(), text)
        if fresh == text:
            fresh = secret(self.keyed, text)
        if fresh == text:
            raise ValueError("no surrogate differs from the value")
        return fresh

    def number(self, entity: str, text: str) -> str:
        """Return the surrogate of a JSON number: a number of as many digits."""
        if entity == entities.GEO:
            return coordinate(self.keyed, b"geo", text)
        fresh = ""
        if text.isdecimal():
            dated = entity == entities.BIRTH and len(text) == _FULL_DATE
            if dated or (entity in _NUMERIC and len(only_digits(text)) > 4):  # a last-four part
                fresh = self.text(entity, text)
        if not fresh.isdecimal() or fresh[0] == "0" or len(fresh) != len(text):
            fresh = number(self.keyed, entity.encode(), text)
        return fresh
