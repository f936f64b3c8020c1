"""The four sources of settings, each read into the same form: field -> what was found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from .fields import FIELD_OF, IN_ENVIRONMENT, IN_FILE, PARSERS
from .files import parse_toml
from .place import Place

PREFIX = "SHADOWTAP_"

_SERVICE_LINK = (
    r"SHADOWTAP(_[A-Z0-9_]+)?_"
    r"(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_[0-9]+_[A-Z]+(_(PROTO|PORT|ADDR))?)?)"
)
"""Kubernetes puts such variables into every pod beside a service whose name begins with ``shadowtap``."""

_NOT_BLANK = frozenset({"key", "redact_key"})


class Found(msgspec.Struct, frozen=True):
    """A value that a source gives for a field, not parsed yet."""

    word: str
    """The word that was written: the field's name or its other spelling."""
    value: object
    place: Place

    def parse(self) -> object:
        """Return the parsed value; raises ``SettingsError``."""
        return PARSERS[self.word](self.value, self.place)


Source = Mapping[str, Found]
"""What one source gives, by field."""


def from_arguments(arguments: Mapping[str, object]) -> Source:
    """Read keyword arguments; ``None`` means absent, and ``for_`` stands for ``for``."""
    pairs = (("for" if key == "for_" else key, value) for key, value in arguments.items())
    return _collect(pairs, Place("", before="argument "), PARSERS)


def from_framework(framework: object) -> Source:
    """Read the mapping that a framework's own settings hold; ``None`` means absent."""
    if framework is None:
        return {}
    place = Place("SHADOWTAP", before="the setting ")
    if not isinstance(framework, Mapping):
        raise place.refuse(framework, 'a mapping such as {"percent": 10}')
    return _collect(framework.items(), Place("", after=" in the setting SHADOWTAP"), PARSERS)


def from_file(content: bytes, path: str, place: Place) -> Source:
    """Read the content of a TOML file that ``place`` names."""
    tables = parse_toml(content, path, place)
    inside = Place("", after=f" in {path}")
    if "config" in tables:
        raise inside.at("config").problem("cannot stand in the file itself")
    return _collect(tables.items(), inside, IN_FILE)


def from_environment(environ: Mapping[str, str]) -> Source:
    """Read the variables; a blank one is absent, save that of a key, which fails later."""
    place = Place("", prefix=PREFIX)
    pairs: list[tuple[str, object]] = []
    for name, value in environ.items():
        if not name.startswith(PREFIX) or re.fullmatch(_SERVICE_LINK, name):
            continue
        key = name.removeprefix(PREFIX)
        word = key.lower()
        if key in ("RULES", "REDACT"):
            raise place.at(key).problem(
                f"cannot be a variable; write [[{word}]] in the file of SHADOWTAP_CONFIG"
            )
        if key != key.upper() or word not in IN_ENVIRONMENT:
            raise place.unknown(key, map(str.upper, IN_ENVIRONMENT))
        if value.strip() or FIELD_OF.get(word, word) in _NOT_BLANK:
            pairs.append((word, value))
    return _collect(pairs, place, IN_ENVIRONMENT)


def _collect(pairs: Iterable[tuple[object, object]], place: Place, known: Collection[str]) -> Source:
    source: dict[str, Found] = {}
    for word, value in pairs:
        if not isinstance(word, str) or word not in known:
            raise place.unknown(word, known)
        if value is None:
            continue
        field = FIELD_OF.get(word, word)
        here = place.at(word.upper() if place.prefix else word)
        if field in source:
            raise here.problem(f"and {source[field].place} mean the same thing; take one of them out")
        source[field] = Found(word, value, here)
    return source
