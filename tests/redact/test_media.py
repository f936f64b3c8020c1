from __future__ import annotations

import pytest

from shadowtap.exceptions import UnsupportedBody
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from tests.redact.asking import FORM, JSON, TEXT, captured


@pytest.mark.parametrize(
    "content_type",
    [
        b"multipart/form-data; boundary=x",
        b"application/xml",
        b"text/xml",
        b"text/html",
        b"text/csv",
        b"application/octet-stream",
        b"application/x-protobuf",
        b"application/msgpack",
        b"application/x-ndjson",
        b"application/graphql",
        b"image/png",
        b"json",
        b"application/json, text/plain",
        b"application/json; charset=gbk",
        b"application/json; charset=utf-16",
        b"application/json; charset=",
        b"application/json; charset=utf-8; charset=gbk",
        b"application/x-www-form-urlencoded; charset=shift_jis",
        b"text/plain; charset=gbk",
        b"",
        None,
    ],
)
def test_a_body_of_a_format_that_is_not_understood_is_not_sent(
    redactor: Redactor, content_type: bytes | None
) -> None:
    with pytest.raises(UnsupportedBody, match=r"^body: "):
        redactor.redact(captured(body=b"{}", content_type=content_type))


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        b"APPLICATION/JSON",
        b"application/json;charset=UTF-8",
        b'application/json; charset="utf-8"; x=y',
        b"application/vnd.api+json",
        b"application/problem+json; charset=us-ascii",
        b"text/plain",
    ],
)
def test_json_is_known_by_its_many_types(redactor: Redactor, content_type: bytes) -> None:
    out = redactor.redact(captured(body=b'{"email":"bob@x.io","id":7}', content_type=content_type))
    assert out.body.endswith(b'.example.com","id":7}')


@pytest.mark.parametrize("content_type", [b"image/png", b"multipart/form-data", None, JSON, FORM, TEXT])
def test_an_empty_body_of_any_type_is_sent(redactor: Redactor, content_type: bytes | None) -> None:
    assert redactor.redact(captured(body=b"", content_type=content_type)).body == b""


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "identity, gzip", "x"])
def test_a_compressed_body_is_not_sent(redactor: Redactor, encoding: str) -> None:
    with pytest.raises(UnsupportedBody, match="body: compressed"):
        redactor.redact(captured(headers=[("Content-Encoding", encoding)], body=b"{}", content_type=JSON))


def test_two_content_types_are_one_too_many(redactor: Redactor) -> None:
    with pytest.raises(UnsupportedBody, match="more than one content type"):
        redactor.redact(captured(headers=[("content-type", "text/plain")], body=b"{}", content_type=JSON))


def test_a_body_is_read_across_its_chunks(redactor: Redactor) -> None:
    fields = ((b"content-type", JSON),)
    chunks = (b'{"q":"bob', b"@x.", b'io"}')
    out = redactor.redact(CapturedRequest("POST", "https", b"/", b"", fields, chunks, "", ""))
    assert b"x.io" not in out.body


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("hello", "hello"),
        ("Zacharias was here", "Zacharias"),
        ("mail bob@x.io\nor call 020 7946 0958", "x.io"),
        ("我叫王小明", "王小明"),
        ("4111111111111111", "4111111111111111"),
        ("ada\n" * 3000, "ada"),
    ],
)
def test_plain_text_is_scrubbed_in_its_shape(redactor: Redactor, text: str, gone: str) -> None:
    out = redactor.redact(captured(body=text.encode(), content_type=TEXT)).body.decode()
    assert gone not in out
    assert out.count("\n") == text.count("\n")


def test_plain_text_in_latin_1_stays_in_it(redactor: Redactor) -> None:
    body = "Grüße an Jörg".encode("latin-1")
    out = redactor.redact(captured(body=body, content_type=b"text/plain; charset=iso-8859-1")).body
    assert out != body
    assert len(out) == len(body)


@pytest.mark.parametrize(("content_type", "body"), [(TEXT, b"\xff"), (JSON, b'"\xff"'), (FORM, b"a=\xff")])
def test_bytes_that_are_not_in_their_character_set_are_not_sent(
    redactor: Redactor, content_type: bytes, body: bytes
) -> None:
    with pytest.raises(UnsupportedBody, match="body: not in its character set"):
        redactor.redact(captured(body=body, content_type=content_type))
