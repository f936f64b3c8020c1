"""Frames between web process and courier: a length (4 bytes, big endian) and a msgpack value.

The format is private to one version of shadowtap: both ends run the same
release, which ``Configure`` states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from shadowtap.exceptions import CourierError
from shadowtap.exchange import Exchange
from shadowtap.settings.model import RedactRule, Target

HEADER = 4
"""Bytes of a frame's length."""

MAX_FRAME = 256 * 1024 * 1024
"""Bytes; a longer frame is a fault of the peer."""

Counts: TypeAlias = dict[str, dict[str, int]]
"""Numbers by target and outcome."""


class Configure(msgspec.Struct, frozen=True, array_like=True, tag="configure"):
    """What the courier has to know; holds for all exchanges that follow on the connection."""

    version: str
    targets: tuple[Target, ...]
    timeout: float
    connections: int
    http2: bool
    ca_file: str | None
    max_answer: int
    breaker_failures: int
    breaker_cooldown: float
    key: bytes | None
    redact_key: bytes | None
    redact_timeout: float
    redact_memory: int
    redact_model: str | None
    redact_recognisers: tuple[str, ...]
    redact_recogniser_file: str | None
    redact_countries: tuple[str, ...]
    redact: tuple[RedactRule, ...]
    redact_free_text: Literal["scrub", "ner"]
    redact_strict: bool
    queue_length: int
    queue_bytes: int
    shutdown_grace: float

    def __repr__(self) -> str:
        return f"<Configure {self.targets!r}>"


class Gate(msgspec.Struct, frozen=True, array_like=True, tag="gate"):
    """Whether copies may leave: the kill switch, and the end time in force (epoch seconds, 0 for none)."""

    open: bool
    until: float = 0.0


class Tally(msgspec.Struct, frozen=True, array_like=True, tag="tally"):
    """The sender's counts since it began. From web to courier: for ``status``. Back: outcomes of copies."""

    counts: Counts
    durations: dict[str, list[float]] = {}
    """Seconds that answers took, by target: a bounded sample since the last tally."""
    resting: dict[str, float] = {}
    """Seconds for which copies to a target would only meet an open breaker."""


class Trouble(msgspec.Struct, frozen=True, array_like=True, tag="trouble"):
    """Something that an operator should read, for the log of the web process."""

    kind: str
    text: str


class StatusQuery(msgspec.Struct, frozen=True, array_like=True, tag="status_query"):
    """Asks a courier for its status."""


class Status(msgspec.Struct, frozen=True, tag="status"):
    """What a courier says about itself."""

    pid: int
    version: str
    uptime: float
    """Seconds."""
    clients: int
    """Web processes that are connected."""
    queued: int
    """Copies that wait for redaction."""
    in_flight: int
    """Copies that wait for a connection or an answer."""
    memory: int
    """Resident bytes, those of the redacting process included; 0 where the platform does not tell."""
    cpu: float
    """Seconds of CPU used."""
    counts: Counts
    """Outcomes by target, those of the connected web processes included."""
    pending: dict[str, int]
    breakers: dict[str, str]
    restarts: int = 0
    """How often the redacting process was replaced because it hung, died or grew."""


Frame: TypeAlias = Exchange | Configure | Gate | Tally | Trouble | StatusQuery

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)
_status_decoder = msgspec.msgpack.Decoder(Status)


def add(total: Counts, counts: Counts) -> None:
    """Add counts to a total, in place."""
    for target, outcomes in counts.items():
        sums = total.setdefault(target, {})
        for outcome, number in outcomes.items():
            sums[outcome] = sums.get(outcome, 0) + number


def payload(frame: Frame | Status) -> bytes:
    """Return a frame without its length; raise ``CourierError`` when something in it has no bytes."""
    try:
        return _encoder.encode(frame)
    except (TypeError, ValueError, OverflowError) as error:
        # A text with a lone surrogate, a number that is too large. The message may hold the value.
        raise CourierError(f"cannot be encoded: {type(error).__name__}") from None


def append(buffer: bytearray, payload: bytes) -> None:
    """Write a frame with this payload onto the end of a buffer."""
    buffer += len(payload).to_bytes(HEADER, "big")
    buffer += payload


def encode(frame: Frame | Status) -> bytearray:
    """Return one frame as bytes; raise ``CourierError`` as ``payload`` does."""
    buffer = bytearray()
    append(buffer, payload(frame))
    return buffer


def decode(payload: bytes | memoryview) -> Frame:
    """Read a frame's payload; raise ``CourierError`` when it is not one."""
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CourierError(f"malformed frame: {type(error).__name__}") from None


def decode_status(payload: bytes | memoryview) -> Status:
    """Read the answer to a ``StatusQuery``; raise ``CourierError`` when it is not one."""
    try:
        return _status_decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CourierError(f"malformed status: {type(error).__name__}") from None


class FrameReader:
    """Cut a stream of bytes into payloads of frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take what arrived and yield each payload that is complete.

        Raises:
            CourierError: a frame claims to be longer than ``MAX_FRAME``.
        """
        buffer = self._buffer
        buffer += data
        start = 0
        try:
            while len(buffer) - start >= HEADER:
                length = int.from_bytes(buffer[start : start + HEADER], "big")
                if length > MAX_FRAME:
                    raise CourierError(f"a frame of {length} bytes")
                if len(buffer) - start - HEADER < length:
                    break
                payload = bytes(memoryview(buffer)[start + HEADER : start + HEADER + length])
                start += HEADER + length
                yield payload
        finally:
            del buffer[:start]
