"""The request target (path and query) as the client sent it, from WSGI and ASGI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_SAFE = "/!$&'()*+,;=:@~-._"
"""What RFC 3986 allows in a path beside letters, digits and percent-encodings."""


def from_scope(scope: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return path and query of an ASGI scope; the path is encoded anew where the server gave no raw one."""
    path: bytes | None = scope.get("raw_path")
    query: bytes = scope.get("query_string") or b""
    if path is None:
        path = quote(scope["path"], safe=_SAFE).encode("ascii")
    if b"?" in path:  # some servers leave the query on it
        path = path.partition(b"?")[0]
    return _origin_form(path), query


def from_environ(environ: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return path and query of a WSGI environ.

    WSGI itself has only the decoded path; most servers add the raw target as
    ``RAW_URI`` or ``REQUEST_URI``.
    """
    query = str(environ.get("QUERY_STRING") or "").encode("latin-1")
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw:
        path, mark, raw_query = str(raw).encode("latin-1").partition(b"?")
        return _origin_form(path), raw_query if mark else query
    path_text = str(environ.get("SCRIPT_NAME") or "") + str(environ.get("PATH_INFO") or "")
    return quote(path_text.encode("latin-1"), safe=_SAFE).encode("ascii") or b"/", query


def _origin_form(path: bytes) -> bytes:
    """Take scheme and host off an absolute-form target (RFC 9112, section 3.2.2), and a fragment off any."""
    if b"#" in path:
        path = path.partition(b"#")[0]
    if path[:1] == b"/":
        return path
    scheme, mark, rest = path.partition(b"://")
    if mark and b"/" not in scheme:
        path = b"/" + rest.partition(b"/")[2]
    return path or b"/"
