"""Parsers of what is to be recognised: a model, recognisers, countries."""

from __future__ import annotations

import re

from .parse import Parse, choice, each
from .place import Place

_NAME = r"[A-Za-z_]\w*"
_DOTTED = rf"{_NAME}(\.{_NAME})*:{_NAME}(\.{_NAME})*"
_MODEL = r"[A-Za-z][\w.\-]*"

countries: Parse = each(
    choice(
        *("au", "ca", "de", "es", "fi", "in", "it", "kr", "ng", "ph", "pl", "se", "sg", "th", "tr", "uk"),
        *("us", "za"),
    )
)
"""Countries of which Presidio has recognisers."""


def model(value: object, place: Place) -> str:
    """Parse the name of a spaCy model package, or the path of a model's folder."""
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(_MODEL, text) and not ("/" in text and text.isprintable()):
        raise place.refuse(
            value, "the name of a spaCy model package, or the path of a folder with at least one /"
        )
    return text


def dotted_path(value: object, place: Place) -> str:
    """Parse where a recogniser is to be imported from."""
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(_DOTTED, text):
        raise place.refuse(value, "package.module:name")
    return text
