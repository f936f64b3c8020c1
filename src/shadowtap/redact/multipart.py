"""``multipart/form-data`` (RFC 7578): each part is a field with a value, or a file."""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode, encodebytes
from typing import NamedTuple

from shadowtap.exceptions import UnsupportedBody
from shadowtap.redact import charsets, part_head, text_body
from shadowtap.redact.filler import filler
from shadowtap.redact.form import form_field, names_in
from shadowtap.redact.keys import Context, looks_like_name
from shadowtap.redact.media import Media, media_of_type
from shadowtap.redact.part_head import PartHead
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.walk import Walk

_END_OF_LINE = b"\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_OTHER_TEXT = re.compile(r"\Atext/(?!(?:x-)?(?:nd)?json|xml)[\w.+\-]{1,64}", re.IGNORECASE)


class _Place(NamedTuple):
    """What goes for all parts of a body."""

    walk: Walk
    context: Context
    keyed: Keyed


def redact(body: bytes, boundary: str, walk: Walk, context: Context, keyed: Keyed) -> bytes:
    """Return a body of the same parts with the personal data in them replaced."""
    if walk.strict(boundary) != boundary:
        walk.refuse("boundary holds personal data")  # and the header says another one now
    place = _Place(walk, context, keyed)
    delimiter = b"\r\n--" + boundary.encode()
    before, *parts = (_END_OF_LINE + body).split(delimiter)
    if before.strip() or not parts:
        walk.refuse("multipart does not begin with its boundary")
    end = parts.pop()
    if end[:2] != b"--" or end[2:].strip():
        walk.refuse("multipart does not end with its boundary")
    out = [before]
    for part in parts:
        walk.budget.spend()
        fresh = _part(part, place)
        if delimiter in fresh:
            walk.refuse("boundary would occur in a part")
        out.append(fresh)
    return delimiter.join([*out, end])[2:]


def _part(raw: bytes, place: _Place) -> bytes:
    head, blank, content = raw[2:].partition(_END_OF_HEAD)
    if raw[:2] != _END_OF_LINE or not blank:
        place.walk.refuse("a part is not understood")
    told = part_head.read(head, place.walk, place.context)
    fresh = _content(content, told, place)
    return b"".join((_END_OF_LINE, told.fresh.encode(), _END_OF_HEAD, fresh))


def _content(content: bytes, told: PartHead, place: _Place) -> bytes:
    """Redact the content of a part beneath its transfer encoding."""
    encoding = told.transfer_encoding
    if encoding in _PLAIN:
        return _redacted(content, told, place)
    if encoding == "base64":
        try:
            inner = b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            place.walk.refuse("a part is not the Base64 that it should be")
    elif encoding == "quoted-printable":
        inner = quopri.decodestring(content)
    else:
        place.walk.refuse("transfer encoding of a part is not understood")
    fresh = _redacted(inner, told, place)
    place.walk.readings.append(fresh)
    if fresh == inner:
        return content
    if encoding == "base64":
        lines = encodebytes(fresh).rstrip(b"\n")
        return lines.replace(b"\n", _END_OF_LINE if _END_OF_LINE in content.strip() else b"")
    return quopri.encodestring(fresh.replace(_END_OF_LINE, b"\n")).replace(b"\n", _END_OF_LINE)


def _redacted(content: bytes, told: PartHead, place: _Place) -> bytes:
    """Redact a part under its name."""
    names = place.walk.names
    around = len(names)
    for name in names_in(told.name) if told.name else ():
        place.walk.enter(name)
    fresh = _by_type(content, told, place)
    del names[around:]
    return fresh


def _by_type(content: bytes, told: PartHead, place: _Place) -> bytes:
    """Redact a part by its own type; a file that is not understood becomes noise of its length."""
    if not content:
        return content
    media = _media(told)
    if media is None:
        return filler(place.keyed, content)
    if media.format == "text" and not told.is_file:
        return _field(content, told.name, media, place)
    context = (*place.context, told.name)[-2:] if looks_like_name(told.name) else place.context
    try:
        return text_body.redact(content, media, place.walk, context)
    except UnsupportedBody:
        if told.is_file:
            return filler(place.keyed, content)
        raise


def _media(told: PartHead) -> Media | None:
    """Return the format of a part's content; ``None`` when it is none that is understood."""
    if not told.content_type:
        return None if told.is_file else Media("text")
    try:
        media = media_of_type(_OTHER_TEXT.sub("text/plain", told.content_type))
    except UnsupportedBody:
        return None
    if media.format == "multipart":
        raise UnsupportedBody("body: multipart within multipart")
    return media


def _field(content: bytes, name: str, media: Media, place: _Place) -> bytes:
    """Redact the value of a field."""
    source = charsets.read(content, media.charset or "utf-8")
    fresh = place.walk.text(source.text, form_field(name, place.context))
    if source.codec != "utf-8":
        place.walk.readings.append(fresh.encode())
    return content if fresh == source.text else source.encoded(fresh)
