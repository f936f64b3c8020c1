"""Tables of settings: a target or a rule, as TOML table, mapping or struct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from .parse import Parse
from .place import Place


def fields_of(item: object, kind: type[msgspec.Struct]) -> object:
    """Return a struct of that kind as the table it stands for, so that it is checked like one."""
    if not isinstance(item, kind):
        return item
    return {name: getattr(item, name) for name in kind.__struct_fields__}


def read_table(table: object, place: Place, keys: Mapping[str, Parse], legal: str) -> dict[str, Any]:
    """Return the parsed values of a table; keys that are absent or ``None`` are left out."""
    if not isinstance(table, Mapping):
        raise place.refuse(table, legal)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in keys:
            raise place.unknown(key, keys)
        if value is not None:
            values[key] = keys[key](value, place.at(key))
    return values
