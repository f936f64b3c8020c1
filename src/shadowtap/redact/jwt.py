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
    fresh_header = _json(header, walk, ())
    fresh_claims = _json(claims, walk, _SUBJECT)
    if fresh_header is None or fresh_claims is None:
        return None
    fresh = f"{fresh_header}.{fresh_claims}.{shift(keyed, b'jwt', signature, text)}"
    walk.remember(text, fresh)
    return fresh


def _json(part: str, walk: Walk, context: Context) -> str | None:
    """Redact a part that is the Base64 of a JSON object."""
    inner = readable(part)
    if inner is None or inner[:1] != "{":
        return None
    try:
        fresh = json_body.redact(inner, walk, context)
    except json_body.NotJson:
        return None
    return part if fresh == inner else url_safe(fresh)
