"""What stands in the place of a file: noise of the same length that begins as files of its kind do."""

from __future__ import annotations

import re
from hashlib import shake_256

from shadowtap.redact.surrogates.keyed import Keyed

# What programs look at to tell the kind of a file. Nothing of a person's is in it.
_BEGINNING = re.compile(
    rb"\x89PNG\r\n\x1a\n"
    rb"|\xff\xd8\xff."
    rb"|GIF8[79]a"
    rb"|RIFF.{4}(?:WEBP|WAVE|AVI )"
    rb"|BM|II\*\0|MM\0\*"
    rb"|\0\0\0.ftyp.{4}"
    rb"|\x1aE\xdf\xa3|OggS|fLaC|ID3"
    rb"|%PDF-[12]\.[0-9]"
    rb"|PK\x03\x04|\x1f\x8b\x08|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"
    rb"|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    re.DOTALL,
)


def filler(keyed: Keyed, content: bytes) -> bytes:
    """Return noise in the place of a file; the same file, the same noise."""
    found = _BEGINNING.match(content)
    beginning = found[0] if found is not None else b""
    noise = shake_256(keyed.digest(b"file", content)).digest(len(content) - len(beginning))
    return beginning + noise
