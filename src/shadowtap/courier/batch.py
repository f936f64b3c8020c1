"""What courier and redacting process say to each other: tasks, answers, and how far it has come."""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import Final, TypeAlias

import msgspec

from shadowtap import wire
from shadowtap.exceptions import NotRedacted, RedactionFailed, UnsupportedBody
from shadowtap.exchange import CapturedRequest, RedactedRequest


class Task(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A request to be redacted."""

    configuration: int
    """Its number among those that the redacting process began with."""
    request: CapturedRequest
    keep_headers: tuple[str, ...]


class Refusal(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="refusal"):
    """Why a request must not be sent."""

    unsupported: bool
    reason: str

    def error(self) -> NotRedacted:
        """Return it as the error that it was."""
        return (UnsupportedBody if self.unsupported else RedactionFailed)(self.reason)


Answer: TypeAlias = RedactedRequest | Refusal

tasks: Final = msgspec.msgpack.Decoder(list[Task])
answers: Final = msgspec.msgpack.Decoder(list[Answer])
configurations: Final = msgspec.msgpack.Decoder(list[wire.Configure])
_encoder: Final = msgspec.msgpack.Encoder()


def frame(value: list[Task] | list[Answer] | list[wire.Configure]) -> bytearray:
    """Return a list as a frame with its length."""
    buffer = bytearray()
    wire.append(buffer, _encoder.encode(value))
    return buffer


def answer(result: RedactedRequest | NotRedacted) -> Answer:
    """Return what came of a request in the form in which it travels."""
    if isinstance(result, NotRedacted):
        return Refusal(isinstance(result, UnsupportedBody), str(result))
    return result


PARTS = ("", "method", "headers", "path", "query", "body", "check")
"""Parts of a request, as the redactor's budget calls them; the first stands for any other."""

_NUMBERS = {part: number for number, part in enumerate(PARTS)}

IDLE = -1

_PID, _TASK, _PART = range(3)
_SIZE = 4 * 3


class Progress:
    """Memory that both processes see: what is at work, to be read even when the interpreter stands still."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Share the memory behind a descriptor, or make some. The descriptor is then ours to close."""
        self.descriptor = _memory() if descriptor is None else descriptor
        self._memory = mmap.mmap(self.descriptor, _SIZE)
        self._cells = memoryview(self._memory).cast("i")

    def begin(self) -> None:
        """Say which process this is, and that it waits for tasks."""
        self._cells[_TASK] = IDLE
        self._cells[_PID] = os.getpid()

    def at(self, task: int) -> None:
        """Say which task of the batch is at work now; ``IDLE`` for none."""
        self._cells[_PART] = 0
        self._cells[_TASK] = task

    def note(self, part: str) -> None:
        """Say which part of its request is at work now."""
        self._cells[_PART] = _NUMBERS.get(part, 0)

    @property
    def pid(self) -> int:
        """The redacting process; 0 before it has begun."""
        return self._cells[_PID]

    @property
    def task(self) -> int:
        """The task of the batch that is at work; ``IDLE`` for none."""
        return self._cells[_TASK] if self.pid else IDLE

    @property
    def part(self) -> str:
        """The part of its request that is at work; empty when that is not known."""
        number = self._cells[_PART]
        return PARTS[number] if 0 <= number < len(PARTS) else ""

    def close(self) -> None:
        """Let go of the memory."""
        self._cells.release()
        self._memory.close()
        os.close(self.descriptor)


def _memory() -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("shadowtap-progress")
    else:  # numbers only: nothing of a request gets into this file
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, _SIZE)
    return descriptor
