"""The body, by its format."""

from __future__ import annotations

from collections.abc import Iterator

from shadowtap.exceptions import UnsupportedBody
from shadowtap.exchange import Headers
from shadowtap.redact import form, json_body
from shadowtap.redact.keys import TEXT_FIELD, Context
from shadowtap.redact.leaf import MAX_JUDGED
from shadowtap.redact.media import media_of
from shadowtap.redact.walk import Walk


def redact(body: bytes, headers: Headers, walk: Walk, context: Context) -> bytes:
    """Return a body with its personal data replaced; raise ``UnsupportedBody`` when it is not understood."""
    if not body:
        return body
    media = media_of(headers)
    try:
        text = body.decode(media.charset)
    except UnicodeDecodeError:
        raise UnsupportedBody("body: not in its character set") from None
    if media.format == "json":
        fresh = _json(text, walk, context)
    elif media.format == "form":
        fresh = form.redact(text, walk, context)
    else:
        fresh = _text(text, walk, context)
    return body if fresh == text else fresh.encode(media.charset, "replace")


def _json(text: str, walk: Walk, context: Context) -> str:
    try:
        return json_body.redact(text, walk, context)
    except json_body.NotJson:
        raise UnsupportedBody("body: not valid JSON") from None


def _text(text: str, walk: Walk, context: Context) -> str:
    """Redact plain text: JSON if it is that, as browsers' beacons send it; else free text."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return json_body.redact(text, walk, context)
        except json_body.NotJson:
            pass
    return "".join([walk.text(piece, TEXT_FIELD) for piece in _pieces(text)])


def _pieces(text: str) -> Iterator[str]:
    """Cut a text between lines into pieces that are short enough to be judged."""
    start = end = 0
    for line in text.splitlines(keepends=True):
        if end + len(line) - start > MAX_JUDGED and end > start:
            yield text[start:end]
            start = end
        end += len(line)
    yield text[start:end]
