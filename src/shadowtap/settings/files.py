"""Reading of files: the TOML file and the files of keys."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping

import msgspec

from .model import Secret
from .parse import file_path
from .place import Place

MAX_BYTES = 1024 * 1024
_PLACE_IN_TOML = r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)"

Stamp = tuple[int, ...]
"""Differs when a file was edited or replaced."""


class File(msgspec.Struct, frozen=True):
    """A file that a setting names."""

    path: str
    place: Place
    secret: bool = False
    """It holds a key."""

    @property
    def name(self) -> str:
        """The path as an error may show it: where a file of a key is asked for, the key itself may stand."""
        plain = not self.secret or self.path.startswith(("/", "./", "../")) or os.path.exists(self.path)
        return self.path if plain else f"a relative path of {len(self.path)} characters"

    def stamp(self) -> tuple[Stamp, float]:
        """Return the stamp of the file and the time of its last change; raises ``SettingsError``."""
        try:
            status = os.stat(self.path)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None
        # Opening a pipe or a device could block for ever.
        if not stat.S_ISREG(status.st_mode):
            raise self.place.problem(f"names {self.name}, which is not a regular file")
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)
        return stamp, max(status.st_mtime, status.st_ctime)

    def read(self) -> bytes:
        """Return the content of the file; raises ``SettingsError``."""
        self.stamp()
        try:
            with open(self.path, "rb") as file:
                content = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None
        if len(content) > MAX_BYTES:
            raise self.place.problem(f"names {self.name}, which has more than {MAX_BYTES} bytes")
        return content

    def _unreadable(self, error: OSError | ValueError) -> Exception:
        reason = error.strerror if isinstance(error, OSError) else "no legal path"
        return self.place.problem(f"names {self.name}, which cannot be read: {reason}")


def parse_toml(content: bytes, path: str, place: Place) -> Mapping[str, object]:
    """Return the tables of a TOML file; the error names file, line and column."""
    import tomllib  # costs time, and only a file needs it

    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise place.problem(f"names {path}: line {line}: not UTF-8") from None
    except RecursionError:
        raise place.problem(f"names {path}: nested too deeply") from None
    except ValueError as error:
        raise place.problem(f"names {path}: {_where(str(error), content)}") from None


def _where(message: str, content: bytes) -> str:
    match = re.fullmatch(_PLACE_IN_TOML, message, re.DOTALL)
    if match is None:
        return "not TOML: a number or date is out of range"
    reason, line, column = match.groups()
    if line is None:
        lines = content.decode().splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
    return f"line {line}, column {column}: {reason}"


def secret(value: object, place: Place) -> Secret:
    """Parse a key; white space around it does not belong to it. No error shows it."""
    from shadowtap.signature import MIN_KEY_BYTES  # brings in OpenSSL; only a key needs it

    found = value.reveal() if isinstance(value, Secret) else value
    if isinstance(found, str):
        try:
            found = found.encode(errors="surrogateescape")
        except UnicodeEncodeError:
            found = None
    if not isinstance(found, bytes):
        raise place.problem("is not a text that could be a key; make one with `openssl rand -hex 32`")
    key = found.strip()
    if len(key) < MIN_KEY_BYTES:
        raise place.problem(
            f"holds {len(key)} bytes; a key has {MIN_KEY_BYTES} or more: make one with `openssl rand -hex 32`"
        )
    return Secret(key)


def secret_file(value: object, place: Place) -> Secret:
    """Parse the path of a file that holds a key."""
    path = file_path(value, place)
    file = File(path, place, secret=True)
    return secret(file.read(), Place(file.name, f"{place}: "))
