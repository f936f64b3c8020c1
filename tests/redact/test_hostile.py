"""Values that are made to take long. The limits are generous: the machine may have other things to do."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from shadowtap.exceptions import NotRedacted
from shadowtap.redact import Redactor
from tests.redact.asking import FORM, JSON, TEXT, captured

PATTERNS = [
    "a.a.",
    "x-",
    "x-x-x@x-",
    "a@",
    "@",
    "12 ",
    "0 0 ",
    "(",
    "+1 ",
    "4111 ",
    "4111111111111111 ",
    "eyJ",
    "eyJaaaaaa.",
    "-----BEGIN PRIVATE KEY-----",
    "Bearer ",
    "sk-",
    "://",
    "http://a@",
    "DE89 ",
    ":",
    "1:",
    "1.",
    "255.255.255.",
    "00:",
    "{",
    "[",
    '"',
    "\\",
    "王",
    "John Smith ",
    "A1",
    "\uff14",
    "\u200b",
    "e\u0301",
    "token=",
    "%41",
    "%",
    "&",
    "=",
    "bc1",
    "7c8d263f-b209-4da6-9d61-38e623895858 ",
]
SECONDS = 2.0


def seconds(redactor: Redactor, body: bytes, content_type: bytes) -> float:
    started = time.thread_time()
    with contextlib.suppress(NotRedacted):
        redactor.redact(captured(body=body, content_type=content_type))
    return time.thread_time() - started


@pytest.mark.parametrize("pattern", PATTERNS)
def test_64_kb_of_anything_end_soon(redactor: Redactor, pattern: str) -> None:
    text = (pattern * (65536 // len(pattern)))[:65536]
    for key in ("x", "note", "phone"):
        assert seconds(redactor, json.dumps({key: text}, ensure_ascii=False).encode(), JSON) < SECONDS
    assert seconds(redactor, text.encode(), TEXT) < SECONDS
    assert seconds(redactor, b"x=" + text.encode(), FORM) < SECONDS


@pytest.mark.parametrize("pattern", PATTERNS)
def test_many_values_of_anything_end_soon(redactor: Redactor, pattern: str) -> None:
    text = (pattern * 500)[:500]
    body = json.dumps([text + str(number) for number in range(130)], ensure_ascii=False).encode()
    assert seconds(redactor, body, JSON) < SECONDS
