"""Bodies, and parts of bodies, that are text in some character set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from shadowtap.exceptions import UnsupportedBody
from shadowtap.redact import charsets, form, graphql, json_body, lines, xml_body
from shadowtap.redact.graphql_document import NotGraphQL
from shadowtap.redact.keys import TEXT_FIELD, Context
from shadowtap.redact.leaf import MAX_JUDGED
from shadowtap.redact.media import Format, Media
from shadowtap.redact.walk import Walk

_UTF_8 = "utf-8"


def redact(content: bytes, media: Media, walk: Walk, context: Context) -> bytes:
    """Return a text with its personal data replaced; raise ``UnsupportedBody`` when it is not understood."""
    codec = xml_body.codec(content, media.charset) if media.format == "xml" else media.charset
    source = charsets.read(content, codec or _UTF_8)
    if media.format == "form" and source.codec != _UTF_8:
        raise UnsupportedBody("body: character set of a form is not UTF-8")
    fresh = _REDACTED_AS[media.format](source.text, walk, context)
    if source.codec != _UTF_8:
        walk.readings.append(fresh.encode())
    return content if fresh == source.text else source.encoded(fresh)


def _json(text: str, walk: Walk, context: Context) -> str:
    """Redact JSON, or a form that is sent as JSON."""
    try:
        return json_body.redact(text, walk, context)
    except json_body.NotJson:
        if form.is_form(text):
            return form.redact(text, walk, context)
        raise UnsupportedBody("body: not valid JSON") from None


def _lines(text: str, walk: Walk, context: Context) -> str:
    try:
        return lines.redact(text, walk, context)
    except json_body.NotJson:
        raise UnsupportedBody("body: a line is not valid JSON") from None


def _form(text: str, walk: Walk, context: Context) -> str:
    """Redact a form, or JSON that is sent as a form."""
    fresh = _if_json(text, walk, context)
    return form.redact(text, walk, context) if fresh is None else fresh


def _graphql(text: str, walk: Walk, _: Context) -> str:
    try:
        return graphql.redact(text, walk)
    except NotGraphQL:
        raise UnsupportedBody("body: not a GraphQL document") from None


def _text(text: str, walk: Walk, context: Context) -> str:
    """Redact plain text: JSON if it is that, as browsers' beacons send it; else free text."""
    fresh = _if_json(text, walk, context)
    if fresh is None:
        return "".join([walk.text(piece, TEXT_FIELD) for piece in _pieces(text)])
    return fresh


def _untold(text: str, walk: Walk, context: Context) -> str:
    """Redact what has no type, if it is unmistakably JSON."""
    fresh = _if_json(text, walk, context)
    if fresh is None:
        raise UnsupportedBody("body: no content type")
    return fresh


def _if_json(text: str, walk: Walk, context: Context) -> str | None:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json_body.redact(text, walk, context)
    except json_body.NotJson:
        return None


def _pieces(text: str) -> Iterator[str]:
    """Cut a text between lines into pieces that are short enough to be judged."""
    start = end = 0
    for line in text.splitlines(keepends=True):
        if end + len(line) - start > MAX_JUDGED and end > start:
            yield text[start:end]
            start = end
        end += len(line)
    yield text[start:end]


_REDACTED_AS: Mapping[Format, Callable[[str, Walk, Context], str]] = {
    "json": _json,
    "lines": _lines,
    "form": _form,
    "xml": xml_body.redact,
    "graphql": _graphql,
    "text": _text,
    "untold": _untold,
}
