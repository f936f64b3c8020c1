"""``python -m shadowtap.courier.nursery``: loads Presidio once and forks the processes that redact.

It never sees a request, so that each process that it forks begins clean. At
most one of them lives: a new one is asked for when the last has died, hung,
grown, or does not know a configuration.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import socket

from shadowtap import wire
from shadowtap.courier import batch
from shadowtap.courier.lifeline import end_with, no_core
from shadowtap.courier.redactors import Redactors

_READ = 256 * 1024


def main() -> None:
    """Serve the courier at the end of an inherited socket, and end with it."""
    parser = argparse.ArgumentParser(prog="python -m shadowtap.courier.nursery")
    parser.add_argument("--fd", type=int, required=True, help="inherited socket to the courier")
    parser.add_argument("--parent", type=int, required=True, help="process id of the courier")
    arguments = parser.parse_args()
    # These come for a whole group of processes. The courier still drains then, and we end with it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_with(arguments.parent)
    no_core()
    logging.getLogger("shadowtap").setLevel(logging.ERROR)  # troubles are told with the copies
    Nursery(socket.socket(fileno=arguments.fd)).serve()


class Nursery:
    """The redactors, and the process that was forked last."""

    def __init__(self, courier: socket.socket) -> None:
        self._courier = courier
        self._redactors = Redactors()
        self._child: int | None = None

    def serve(self) -> None:
        """Fork a process for each request of the courier until that is gone."""
        while True:
            # The descriptors for the new process come along with the length.
            header, descriptors, _, _ = socket.recv_fds(self._courier, wire.HEADER, 2)
            if len(descriptors) != 2:  # a socket and the memory; none at the end
                break
            content = self._receive(int.from_bytes(header, "big"))
            self._fork(descriptors, batch.configurations.decode(content))
        self._end_child()

    def _receive(self, size: int) -> bytes:
        return self._courier.recv(size, socket.MSG_WAITALL)

    def _fork(self, descriptors: list[int], configurations: list[wire.Configure]) -> None:
        self._end_child()
        self._redactors.prepare(configurations)
        # What is there now is never garbage: the collector's marks would make copies of all those pages.
        gc.collect()
        gc.freeze()
        parent = os.getpid()
        self._child = os.fork()
        if not self._child:
            try:
                end_with(parent)
                self._courier.close()
                redact(descriptors[0], descriptors[1], configurations, self._redactors)
            finally:
                # Without a trace: the message of an exception may hold what was redacted.
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)

    def _end_child(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = None


def redact(sock: int, memory: int, configurations: list[wire.Configure], redactors: Redactors) -> None:
    """Redact batch after batch until the courier hangs up."""
    # Nothing that a recogniser or a library says about a request gets out of here.
    logging.disable(logging.CRITICAL)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    progress = batch.Progress(memory)
    progress.begin()
    reader = wire.FrameReader()
    with socket.socket(fileno=sock) as courier:
        while received := courier.recv(_READ):
            for payload in reader.feed(received):
                courier.sendall(_answers(payload, configurations, redactors, progress))


def _answers(
    payload: bytes, configurations: list[wire.Configure], redactors: Redactors, progress: batch.Progress
) -> bytearray:
    answers: list[batch.Answer] = []
    for number, task in enumerate(batch.tasks.decode(payload)):
        progress.at(number)
        configuration = configurations[task.configuration]
        result = redactors.redact(configuration, task.request, task.keep_headers, progress.note)
        answers.append(batch.answer(result))
    progress.at(batch.IDLE)
    return batch.frame(answers)


if __name__ == "__main__":
    main()
