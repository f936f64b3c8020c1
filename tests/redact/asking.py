"""Requests in few words, and what became of a value in one of their parts."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import Redactor

KEY = b"a key for the tests, long enough"
JSON = b"application/json"
FORM = b"application/x-www-form-urlencoded"
TEXT = b"text/plain"

Pairs = list[tuple[str, str]]


def captured(
    method: str = "POST",
    path: str = "/things",
    query: str = "",
    headers: Pairs | None = None,
    body: bytes = b"",
    content_type: bytes | None = None,
    route: str = "",
) -> CapturedRequest:
    fields = [(name.encode(), value.encode()) for name, value in headers or []]
    if content_type is not None:
        fields.append((b"Content-Type", content_type))
    return CapturedRequest(
        method, "https", path.encode(), query.encode(), tuple(fields), (body,), "192.0.2.1", route
    )


def redact_json(redactor: Redactor, text: str | bytes, path: str = "/things") -> str:
    body = text.encode() if isinstance(text, str) else text
    return redactor.redact(captured(body=body, content_type=JSON, path=path)).body.decode()


def json_value(redactor: Redactor, path: str, value: Any) -> Any:
    """Return what becomes of a value at ``a.b.c`` of a JSON body."""
    keys = path.split(".")
    body: Any = value
    for key in reversed(keys):
        body = {key: body}
    out = json.loads(redact_json(redactor, json.dumps(body, ensure_ascii=False)))
    for key in keys:
        (out,) = [out[name] for name in out if name == key]
    return out


def redact_form(redactor: Redactor, text: str) -> str:
    return redactor.redact(captured(body=text.encode(), content_type=FORM)).body.decode()


def form_value(redactor: Redactor, path: str, value: str) -> str:
    first, *inner = path.split(".")
    name = first + "".join(f"[{part}]" for part in inner)
    return pair_value(redact_form(redactor, f"{quote(name, safe='[]')}={quote(value, safe='')}"))


def query_value(redactor: Redactor, path: str, value: str) -> str:
    query = f"{quote(path)}={quote(value, safe='')}"
    return pair_value(redactor.redact(captured("GET", query=query)).query.decode())


def pair_value(form: str) -> str:
    ((_, value),) = parse_qsl(form, keep_blank_values=True)
    return value


def header_values(redacted: RedactedRequest, name: str) -> list[str]:
    return [value.decode() for field, value in redacted.headers if field.decode().lower() == name.lower()]


def header_value(redactor: Redactor, name: str, value: str) -> str | None:
    """Return what becomes of a header; ``None`` when it is dropped."""
    found = header_values(redactor.redact(captured("GET", headers=[(name, value)])), name)
    return found[0] if found else None


def redact_path(redactor: Redactor, path: str, route: str = "") -> str:
    return unquote(redactor.redact(captured("GET", path=path, route=route)).path.decode())
