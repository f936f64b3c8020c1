"""GraphQL documents: the literals and comments in them are values, the rest is technical and stays.

Only what is a whole executable document by the grammar counts as one; any other
text is free text.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256

from shadowtap.redact.graphql_document import Document, NotGraphQL, Token
from shadowtap.redact.keys import Field
from shadowtap.redact.walk import Walk

WORDS = frozenset({"query", "mutation", "subscription", "document", "doc", "graphql", "gql"})
"""Words of the names of fields that hold documents."""

_BEGINNING = re.compile(
    r"(?:[ \t\r\n,\ufeff]++|\#[^\r\n]*+)*+(?:\{|(?:query|mutation|subscription|fragment)\b)"
).match
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,8})\}|.)", re.DOTALL)


def begins_like_one(text: str) -> bool:
    """Tell whether a text begins as documents do."""
    return _BEGINNING(text) is not None


def redact(text: str, walk: Walk) -> str:
    """Return a document with its literals redacted; raise ``NotGraphQL`` if it is none."""
    document = Document(text, walk)
    document.parse()
    out: list[str] = []
    at = 0
    for token, field in sorted(document.leaves, key=lambda leaf: leaf.token.start):
        fresh = _literal(token, field, walk)
        if fresh != token.text:
            out += text[at : token.start], fresh
            at = token.start + len(token.text)
    if not out:
        return text
    out.append(text[at:])
    redacted = "".join(out)
    # A persisted query goes by its hash, which would tell the literals too.
    walk.remember(_hash(text), _hash(redacted))
    return redacted


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _literal(token: Token, field: Field, walk: Walk) -> str:
    raw = token.text
    if token.kind == "number":
        return walk.number(raw, field)
    if token.kind == "comment":
        return "#" + walk.text(raw[1:], field).replace("\n", " ").replace("\r", " ")
    if token.kind == "block":
        return _block(raw, field, walk)
    old = _decoded(raw)
    fresh = walk.text(old, field)
    return raw if fresh == old else json.dumps(fresh, ensure_ascii="\\u" in raw)


def _block(raw: str, field: Field, walk: Walk) -> str:
    old = raw[3:-3].replace('\\"""', '"""')
    fresh = walk.text(old, field)
    if fresh == old:
        return raw
    # A quotation mark at its end would be one of the three that end the block.
    return json.dumps(fresh) if fresh.endswith(('"', "\\")) else '"""' + fresh.replace('"""', '\\"""') + '"""'


def _decoded(raw: str) -> str:
    try:
        text: str = json.loads(_ESCAPE.sub(_as_json, raw), strict=False)
    except (ValueError, OverflowError):
        raise NotGraphQL from None
    return text


def _as_json(escape: re.Match[str]) -> str:
    """Return an escape as JSON has it, which does not know the one in braces."""
    point = escape[1]
    return json.dumps(chr(int(point, 16)))[1:-1] if point else escape[0]
