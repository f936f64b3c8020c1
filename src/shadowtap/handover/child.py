"""The courier as a child process: how it is started and ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import shadowtap
from shadowtap.exceptions import CourierError
from shadowtap.handover.link import SEND_BUFFER, Link


class Child:
    """A courier of our own, at the other end of a socket pair."""

    def __init__(self, priority: str = "idle") -> None:
        """Start it with a priority: ``idle``, ``low`` or ``normal``.

        Raises:
            CourierError: the interpreter cannot be found or started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SEND_BUFFER)
            try:
                # Own process group: a Ctrl-C in the terminal is the app's to handle, and the courier
                # drains when the app has closed its end. Same session: nice values still compare there.
                self.process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                    [
                        *(interpreter(), "-P", "-m", "shadowtap.courier"),
                        *("--priority", priority, "--fd", str(theirs.fileno())),
                    ],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env=environment(),
                    process_group=0,
                )
            except OSError as error:
                ours.close()
                raise CourierError(f"the courier cannot be started: {error.strerror}") from None
        self.link = Link(ours)

    def wait(self, timeout: float) -> bool:
        """Wait for its end, at most ``timeout`` seconds; tell whether it has ended."""
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it at once and reap it."""
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        """Let it end by itself, and have it reaped when it does."""
        try:
            threading.Thread(target=self.process.wait, name="shadowtap-reaper", daemon=True).start()
        except RuntimeError:  # this process is ending
            self.disown()

    def disown(self) -> None:
        """Forget a process that is not ours to wait for."""
        # Popen would warn that the process still runs, and try to reap it later.
        self.process.returncode = 0


def interpreter() -> str:
    """Return the Python to run.

    ``sys.executable`` may be the program that embeds us (uWSGI, mod_wsgi), or
    the Python that a virtual environment was made from.

    Raises:
        CourierError: there is none.
    """
    executable = sys.executable or ""
    at_home = Path(sys.prefix, "bin")
    if _is_python(executable) and (Path(executable).parent == at_home or not at_home.is_dir()):
        return executable
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    beside = Path(executable).parent
    for candidate in (at_home / version, at_home / "python3", beside / version):
        if os.access(candidate, os.X_OK):
            return str(candidate)
    found = executable if _is_python(executable) else shutil.which(version)
    if found is None:
        raise CourierError(
            f"no Python interpreter beside {executable or 'this process'}; use a shared courier"
        )
    return found


def environment() -> dict[str, str]:
    """Return the child's environment: this package importable, our settings left out.

    The settings travel over the socket, and an app's folder must not be on the
    child's path, where a module of its own could hide one of ours.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SHADOWTAP_")}
    root = str(Path(shadowtap.__file__).parent.parent)
    others = [p for p in environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != root]
    environ["PYTHONPATH"] = os.pathsep.join([*others, root, *_packages()])
    return environ


def _packages() -> list[str]:
    """Return where an embedded interpreter has its packages: one that stands alone may not look there."""
    if interpreter() == sys.executable:
        return []
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


def _is_python(executable: str) -> bool:
    name = Path(executable).name.lower()
    return "python" in name or "pypy" in name
