"""Values in letters that only look different, in each format in which they can come."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from shadowtap.redact import Redactor
from tests.redact.asking import FORM, JSON, TEXT, captured
from tests.redact.parts import KIND, Part, body_of

TRICKS = [
    "bob\uff20x.io",
    "b\u200bob@x.io",
    "\uff42\uff4f\uff42@\uff58.\uff49\uff4f",
    "bob@x\u2060.io",
    "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
    "4111\u200b1111\u200b1111\u200b1111",
    "\u0664\u0661\u0661\u0661" + "\u0661" * 12,
]
FORMATS: dict[str, tuple[bytes, Callable[[str], bytes]]] = {
    "json": (JSON, lambda value: json.dumps({"x": value}).encode()),
    "form": (FORM, lambda value: f"x={quote(value)}".encode()),
    "text": (TEXT, str.encode),
    "lines": (b"application/x-ndjson", lambda value: json.dumps([value], ensure_ascii=False).encode()),
    "xml": (b"text/xml", lambda value: f"<a>{value}</a>".encode()),
    "graphql": (b"application/graphql", lambda value: f'{{ a(x: "{value}") }}'.encode()),
    "multipart": (KIND, lambda value: body_of(Part("x", value.encode()))),
    "utf-16": (b"application/json; charset=utf-16", lambda value: json.dumps({"x": value}).encode("utf-16")),
}


@pytest.mark.parametrize("value", TRICKS)
@pytest.mark.parametrize("name", FORMATS)
def test_width_zero_width_and_foreign_digits_hide_nothing(redactor: Redactor, name: str, value: str) -> None:
    kind, write = FORMATS[name]
    body = write(value)
    out = redactor.redact(captured(body=body, content_type=kind)).body
    assert out != body
    for part in (value, value[-4:], quote(value[-4:]), json.dumps(value[-4:])[1:-1]):
        assert part.encode() not in out
        assert part.encode("utf-16-le") not in out
