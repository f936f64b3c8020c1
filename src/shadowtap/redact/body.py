"""The body, by its format."""

from __future__ import annotations

from shadowtap.exchange import Headers
from shadowtap.redact import compressed, multipart, text_body
from shadowtap.redact.keys import Context
from shadowtap.redact.media import media_of, values
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.walk import Walk


def redact(body: bytes, headers: Headers, walk: Walk, context: Context, keyed: Keyed) -> bytes:
    """Return a body with its personal data replaced, and uncompressed.

    Raises ``UnsupportedBody`` when it is not understood.
    """
    if not body:
        return body
    codings = [coding for value in values(headers, b"content-encoding") for coding in value.split(",")]
    media = media_of(headers)
    content = compressed.opened(body, codings)
    if not content:
        return content
    if media.format == "multipart":
        return multipart.redact(content, media.boundary, walk, context, keyed)
    return text_body.redact(content, media, walk, context)
