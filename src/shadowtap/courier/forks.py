"""The nursery as a child of the courier: how it is started, asked for a process, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Sequence

from shadowtap import wire
from shadowtap.courier.batch import Progress, frame
from shadowtap.exceptions import CourierError
from shadowtap.handover.child import environment, interpreter

_PATIENCE = 1.0
"""Seconds that the nursery may leave a request for a process unread."""

# A recogniser's library that had begun threads of its own would wait for them in vain after a fork.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Forks:
    """A running nursery."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            CourierError: the interpreter cannot be found or started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            ours.settimeout(_PATIENCE)
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                    [
                        *(interpreter(), "-P", "-m", "shadowtap.courier.nursery"),
                        *("--fd", str(theirs.fileno()), "--parent", str(os.getpid())),
                    ],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env={**_ONE_THREAD, **environment()},
                )
            except OSError as error:
                ours.close()
                raise CourierError(f"redaction cannot be started: {error.strerror}") from None
        self._socket = ours
        self.pid = self._process.pid
        self.proven = False
        """Whether a process of its has redacted anything."""

    def fork(self, configurations: Sequence[wire.Configure]) -> tuple[socket.socket, Progress]:
        """Ask for a process that knows these configurations; the one before it is ended.

        It may take a second or two until it reads from the socket.

        Raises:
            CourierError: the nursery has ended.
        """
        ours, theirs = socket.socketpair()
        progress = Progress()
        content = frame(list(configurations))
        try:
            with theirs:
                header = bytes(content[: wire.HEADER])
                socket.send_fds(self._socket, [header], [theirs.fileno(), progress.descriptor])
                self._socket.sendall(content[wire.HEADER :])
        except OSError:
            ours.close()
            progress.close()
            raise CourierError("the process that loads Presidio has ended") from None
        return ours, progress

    def end(self) -> None:
        """End it and its process, whatever they are doing."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
