from __future__ import annotations

import encodings
import json

import pytest

from shadowtap.exceptions import UnsupportedBody
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from shadowtap.redact.media import media_of
from tests.redact.asking import FORM, JSON, TEXT, captured


@pytest.mark.parametrize(
    "content_type",
    [
        b"text/html",
        b"text/csv",
        b"application/octet-stream",
        b"application/x-protobuf",
        b"application/msgpack",
        b"image/png",
        b"json",
        b"application/json, text/plain",
        b"application/x-protobuf; proto=x.y.Z",
        b"application/x-msgpack",
        b"application/grpc",
        b"application/cbor",
        b"multipart/form-data",
        b"multipart/form-data; boundary=",
        b"multipart/form-data; boundary=a; boundary=b",
        b"multipart/form-data; boundary*0=a; boundary*1=b",
        b"multipart/mixed; boundary=x",
        b"multipart/related; boundary=x",
        b"application/json; charset=utf-7",
        b"application/json; charset=rot13",
        b"text/plain; charset=unicode_escape",
        b"application/json; charset=",
        b"application/json; charset=utf-8; charset=gbk",
        b"application/x-www-form-urlencoded; charset=shift_jis",
        b"",
    ],
)
def test_a_body_of_a_format_that_is_not_understood_is_not_sent(
    redactor: Redactor, content_type: bytes | None
) -> None:
    with pytest.raises(UnsupportedBody, match=r"^body: "):
        redactor.redact(captured(body=b"\x08\x96\x01", content_type=content_type))


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


def test_a_form_that_is_sent_as_json_is_redacted_as_a_form(redactor: Redactor) -> None:
    out = redactor.redact(captured(body=b"email=bob%40x.io&page=2", content_type=JSON)).body
    assert b"x.io" not in out
    assert out.endswith(b".example.com&page=2")


def test_json_that_is_sent_as_a_form_is_redacted_as_json(redactor: Redactor) -> None:
    out = redactor.redact(captured(body=b'{"email":"bob@x.io","q":"a&b=c"}', content_type=FORM)).body
    assert out.endswith(b'.example.com","q":"a&b=c"}')


@pytest.mark.parametrize("body", [b'{"email":"bob@x.io","id":7}', b' [{"email":"bob@x.io","id":7}]'])
def test_json_without_a_content_type_is_redacted_as_json(redactor: Redactor, body: bytes) -> None:
    out = redactor.redact(captured(body=body)).body
    assert b"x.io" not in out
    assert out.endswith(body[-8:])


@pytest.mark.parametrize(
    "body",
    [b"hello", b"email=bob%40x.io", b"17", b'"bob@x.io"', b"{bob@x.io}", b"<a>bob@x.io</a>", b"\xff\xfe"],
)
def test_what_has_no_content_type_and_could_be_anything_is_not_sent(redactor: Redactor, body: bytes) -> None:
    with pytest.raises(UnsupportedBody, match=r"^body: (no content type|not in its character set)$"):
        redactor.redact(captured(body=body))


@pytest.mark.parametrize(
    "charset",
    [
        "gbk",
        "GB2312",
        "gb18030",
        "big5",
        "Shift_JIS",
        "windows-31j",
        "euc-jp",
        "euc-kr",
        "utf-16",
        "utf-16le",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_json_in_another_character_set_stays_in_it(redactor: Redactor, charset: str, kind: str) -> None:
    codec = {"windows-31j": "cp932"}.get(charset, charset)
    body = '{"email":"bob@x.io","note":"山川中","id":"\uff21\uff22"}'.encode(codec)
    out = redactor.redact(captured(body=body, content_type=f"{kind}; charset={charset}".encode())).body
    fresh = json.loads(out.decode(codec))
    assert fresh["email"].endswith(".example.com")
    assert len(fresh["note"]) == 3
    assert fresh["note"] != "山川中"
    assert fresh["id"] == "\uff21\uff22"


def test_utf_16_keeps_its_byte_order(redactor: Redactor) -> None:
    for mark, codec in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")):
        body = mark + '{"email":"bob@x.io"}'.encode(codec)
        out = redactor.redact(captured(body=body, content_type=b"application/json; charset=utf-16")).body
        assert out.startswith(mark)
        assert "x.io" not in out.decode("utf-16")


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("gbk", b'{"a":"\xff"}'),
        ("utf-16", b'{"a":1}'),
        ("shift_jis", b'{"a":"\x81"}'),
        ("cp932", b'{"a":"\x87\x90"}'),
    ],
)
def test_bytes_that_a_character_set_would_not_give_back_are_not_sent(
    redactor: Redactor, charset: str, body: bytes
) -> None:
    with pytest.raises(UnsupportedBody, match=r"^body: "):
        redactor.redact(captured(body=body, content_type=f"application/json; charset={charset}".encode()))


def test_what_was_removed_is_found_in_another_character_set_too(redactor: Redactor) -> None:
    body = '{"name":"Zoë Müllersdorf","x":"müllersdorf","y":"Zoë Müllersdorf"}'.encode("utf-16-le")
    out = redactor.redact(captured(body=body, content_type=b"application/json; charset=utf-16le")).body
    assert "Müllersdorf" not in out.decode("utf-16-le")


def test_character_sets_that_clients_make_up_are_not_remembered() -> None:
    before = len(encodings._cache)  # type: ignore[attr-defined]
    for number in range(50):
        with pytest.raises(UnsupportedBody):
            media_of(((b"content-type", b"text/plain; charset=made-up-%d" % number),))
    assert len(encodings._cache) == before  # type: ignore[attr-defined]
