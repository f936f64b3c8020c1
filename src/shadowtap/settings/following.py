"""Settings that follow their file while the process runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from shadowtap.exceptions import SettingsError

from .files import File
from .loading import Periods, gather
from .model import Settings

logger = logging.getLogger("shadowtap.settings")

_COARSE = 2.0
"""Seconds. A younger file may change again without a new stamp where clocks of file systems are coarse."""


class LiveSettings:
    """The settings in force.

    ``current`` is replaced whole, so a reader keeps what it took. ``refresh`` is
    for one background thread; it reads from the disk and may wait for it.
    """

    __slots__ = ("_file", "_good", "_loader", "_seen", "_trouble", "current")

    def __init__(self, loader: Callable[[bytes], Settings], file: File | None = None) -> None:
        """Load for the first time; raises ``SettingsError``.

        ``loader`` gets the content of the file, or nothing where there is no file.
        """
        self._loader = loader
        self._file = file
        self._seen: object = None
        self._trouble: tuple[str, int] | None = None
        self._good = 0
        content = b""
        if file is not None:
            self._seen = _stamp(file)
            content = file.read()
            self._good = hash(content)
        self.current: Settings = loader(content)

    def refresh(self) -> bool:
        """Read the file again if it changed, and tell whether ``current`` was replaced.

        A version that is not legal is not taken, and said once. What did not change
        keeps its identity: an equal ``Settings`` does not replace ``current``.
        """
        if self._file is None:
            return False
        content = b""
        try:
            stamp = _stamp(self._file)
            if stamp is not None and stamp == self._seen and self._trouble is None:
                return False
            content = self._file.read()
            return self._take(self._file, content, stamp)
        except SettingsError as error:
            self._warn(str(error), content)
            return False

    def _take(self, file: File, content: bytes, stamp: object) -> bool:
        if not content:
            # Many editors empty a file before they write it; taken then, it would lift every limit it sets.
            raise file.place.problem(f"names {file.path}, which is empty")
        digest = hash(content)
        if digest == self._good and self._trouble is None:
            self._seen = stamp
            return False
        new = self._loader(content)
        self._seen, self._good, self._trouble = stamp, digest, None
        logger.info("The settings of %s were read again.", file.path)
        if new == self.current:
            return False
        self.current = new
        return True

    def _warn(self, problem: str, content: bytes) -> None:
        trouble = (problem, hash(content))
        if trouble != self._trouble:
            self._trouble = trouble
            logger.warning("The last good settings stay in force: %s", problem)


def _stamp(file: File) -> object:
    """Return what changes with the file; ``None`` when it is too young to tell."""
    stamp, changed_at = file.stamp()
    return None if abs(time.time() - changed_at) < _COARSE else stamp


def live(
    *,
    environ: Mapping[str, str] | None = None,
    framework: Mapping[str, object] | None = None,
    **arguments: object,
) -> LiveSettings:
    """Return settings that follow their file; takes what ``load`` takes.

    Variables, framework settings and arguments are read once, here.
    """
    origins = gather(environ, framework, arguments)
    file = origins.file()
    periods: Periods = {}
    return LiveSettings(lambda content: origins.settings(file, content, periods), file)
