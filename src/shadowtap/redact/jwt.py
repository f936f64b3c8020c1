"""JSON Web Tokens: the claims are redacted as JSON, the signature is made up."""

from __future__ import annotations

import re

from shadowtap.redact import json_body
from shadowtap.redact.base64_text import readable, url_safe
from shadowtap.redact.keys import Context
from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import shift
from shadowtap.redact.walk import Walk

_TOKEN = re.compile(r"(eyJ[\w\-]{5,})\.([\w\-]{2,})\.([\w\-]*)", re.ASCII).fullmatch
_SUBJECT: Context = ("user",)
"""What claims are about."""


def redact(text: str, walk: Walk, keyed: Keyed) -> str | None:
    """Return a token with redacted claims that nobody signed; ``None`` if it is no token.

    The same token always gives the same one, wherever it stands.
    """
    found = _TOKEN(text)
    if found is None:
        return None
    header, claims, signature = found.groups()
    # Both are looked at before either is redacted: a half of that would be done again, at every level.
    said_in_header, said = _object(header), _object(claims)
    if said_in_header is None or said is None:
        return None
    fresh_header = _redacted(header, said_in_header, walk, ())
    fresh_claims = _redacted(claims, said, walk, _SUBJECT)
    fresh = f"{fresh_header}.{fresh_claims}.{shift(keyed, b'jwt', signature, text)}"
    walk.remember(text, fresh)
    return fresh


def _object(part: str) -> str | None:
    """Return the JSON object of which a part is the Base64; ``None`` if it is not that of one."""
    inner = readable(part)
    if inner is None or inner[:1] != "{":
        return None
    try:
        json_body.check(inner)
    except json_body.NotJson:
        return None
    return inner


def _redacted(part: str, inner: str, walk: Walk, context: Context) -> str:
    fresh = json_body.redact(inner, walk, context)
    return part if fresh == inner else url_safe(fresh)
