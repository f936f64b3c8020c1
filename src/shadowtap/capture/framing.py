"""How long a request's body is, as far as its head tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DIGITS = re.compile(r"[0-9]{1,18}")


def environ_length(environ: Mapping[str, Any]) -> int | None:
    """Return the bytes of a body in a WSGI environ; ``None`` when it ends where the server's stream does."""
    text = str(environ.get("CONTENT_LENGTH") or "").strip()
    if text:
        return int(text) if _DIGITS.fullmatch(text) else None
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    # gunicorn marks every stream as one that ends; HTTP/1 has no body without either field (RFC 9112, 6.3).
    framed = not environ.get("SERVER_PROTOCOL", "").startswith("HTTP/1.")
    return None if framed and environ.get("wsgi.input_terminated") else 0


def scope_length(scope: Mapping[str, Any], fields: Mapping[bytes, bytes]) -> int | None:
    """Return the bytes of the body of an ASGI request; ``None`` when only its last message tells."""
    stated = fields.get(b"content-length")
    if stated and (text := stated.decode("latin-1").strip()):
        return int(text) if _DIGITS.fullmatch(text) else None
    if b"transfer-encoding" in fields:
        return None
    # HTTP/2 and later end a body by a flag and may leave its length out.
    framed = str(scope.get("http_version", "1.1")) >= "2"
    return None if framed and scope["method"] not in _BODILESS else 0


_BODILESS = frozenset(("GET", "HEAD", "OPTIONS", "DELETE", "TRACE"))
