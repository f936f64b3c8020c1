"""Where a value was found, and the errors that say so without showing a secret."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from shadowtap.exceptions import SettingsError

SHOWN = 16
"""Texts of this length are not shown: no key is shorter, and values land in wrong places."""
_NAME_SHOWN = 64
_FEW = 12


class Place(msgspec.Struct, frozen=True):
    """A spot in an argument, a framework's settings, a file or the environment."""

    key: str
    """Empty for a table as a whole."""
    before: str = ""
    prefix: str = ""
    """Belongs to the name: ``SHADOWTAP_``."""
    after: str = ""
    """Empty, or ``" in "`` and the name of what holds the key."""

    def __str__(self) -> str:
        if not self.key:
            return self.before.removesuffix(": ")
        return f"{self.before}{self.prefix}{self.key}{self.after}"

    def at(self, key: str) -> Place:
        """Return the place of another key beside this one."""
        return Place(key, self.before, self.prefix, self.after)

    def table(self, kind: str, number: int) -> Place:
        """Return the place for the keys of a table in this list; tables are numbered from 1."""
        origin = self.after.removeprefix(" in ") or str(self)
        return Place("", f"{kind} {number} in {origin}: ")

    def refuse(self, value: object, legal: str) -> SettingsError:
        """Return the error for a value that is not legal; ``legal`` completes "it must be"."""
        return SettingsError(f"{self} is {show(value)}; it must be {legal}")

    def problem(self, problem: str) -> SettingsError:
        """Return the error for what is wrong here, without the value."""
        return SettingsError(f"{self} {problem}")

    def unknown(self, key: object, known: Iterable[str]) -> SettingsError:
        """Return the error for a key that nobody knows, with the nearest one that is known."""
        names = sorted(known)
        near = _nearest(str(key), names)
        if near is not None:
            hint = f"; did you mean {self.prefix}{near}?"
        else:
            hint = (
                f"; known are {', '.join(names)}" if len(names) <= _FEW else "; docs/settings.md has them all"
            )
        return SettingsError(f"{self.at(show_name(key))} is not a setting{hint}")


def show(value: object) -> str:
    """Return a value as an error may show it: a text that could be a secret is only counted."""
    if isinstance(value, str):
        shown = len(value) < SHOWN and "@" not in value
        return repr(value) if shown else f"a text of {len(value)} characters"
    if value is None or isinstance(value, bool | float):
        return repr(value)
    if isinstance(value, int):
        return repr(value) if abs(value) < 10**SHOWN else "a very large number"
    return f"of type {type(value).__name__}"


def show_name(key: object) -> str:
    """Return the name of a key as an error may show it."""
    if isinstance(key, str) and key.isprintable() and 0 < len(key) <= _NAME_SHOWN and "@" not in key:
        return key
    return f"a key that is {show(key)}"


def _nearest(key: str, names: list[str]) -> str | None:
    import difflib  # only this error needs it, and its import costs time

    words = {name.lower(): name for name in names}
    found = difflib.get_close_matches(key[:_NAME_SHOWN].lower(), words, n=1)
    return words[found[0]] if found else None
