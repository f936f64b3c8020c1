from __future__ import annotations

import base64
import contextlib
import quopri
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import NotRedacted, UnsupportedBody
from shadowtap.redact import Redactor
from tests.redact.asking import captured
from tests.redact.parts import KIND, Part, body_of, parts_in


def raw_part(head: str, content: bytes = b"x") -> bytes:
    return b"--b0undary\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n--b0undary--\r\n"


def redacted(redactor: Redactor, body: bytes, kind: bytes = KIND) -> bytes:
    return redactor.redact(captured(body=body, content_type=kind)).body


def value(redactor: Redactor, part: Part) -> Part:
    (only,) = parts_in(redacted(redactor, body_of(part)))
    return only


def test_a_field_is_decided_upon_by_its_name(redactor: Redactor) -> None:
    body = body_of(
        Part("email", b"bob@x.io"),
        Part("user[last_name]", b"Kowalski"),
        Part("color", b"blue"),
        Part("email", b"a@x.io"),
    )
    out = parts_in(redacted(redactor, body))
    assert [part.name for part in out] == ["email", "user[last_name]", "color", "email"]
    assert out[0].content.endswith(b".example.com")
    assert out[1].content != b"Kowalski"
    assert out[2].content == b"blue"
    assert out[3].content not in (b"a@x.io", out[0].content)


def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor) -> None:
    body = body_of(
        Part("color", b"blue"), Part("n", b""), Part("j", b'{"a":1.10}', content_type="application/json")
    )
    assert redacted(redactor, body) == body
    assert redacted(redactor, b"\r\n" + body) == b"\r\n" + body


def test_the_name_of_a_file_loses_its_words_and_keeps_its_ending(redactor: Redactor) -> None:
    name = value(redactor, Part("cv", b"%PDF-1.7 x", "cv_john_smith.pdf", "application/pdf")).filename
    assert name.endswith(".pdf")
    assert len(name) == len("cv_john_smith.pdf")
    assert name.count("_") == 2
    assert "john" not in name
    assert "smith" not in name


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("backup-patricia.tar.gz", ".tar.gz"),
        ("Scan Müller.JPEG", ".JPEG"),
        ("john.smith", ""),
        ("C:\\Users\\patricia\\cv.docx", ".docx"),
        ("bob@x.io.csv", ".csv"),
    ],
)
def test_a_surname_is_no_ending(redactor: Redactor, name: str, ending: str) -> None:
    body = body_of(Part("f", b"\0\1", name.replace("\\", "\\\\"), "application/octet-stream"))
    out = redacted(redactor, body).decode("latin-1").lower()
    assert f'{ending.lower()}"' in out
    for word in ("patricia", "smith", "john", "ller", "x.io"):
        assert word not in out


def test_a_file_name_that_is_technical_stays(redactor: Redactor) -> None:
    name = "7c8d263f-b209-4da6-9d61-38e623895858.png"
    assert value(redactor, Part("f", b"\0", name, "image/png")).filename == name


def test_both_spellings_of_a_file_name_get_the_same_surrogate(redactor: Redactor) -> None:
    head = (
        'Content-Disposition: form-data; name="f"; filename="john_smith.pdf"; '
        "filename*=utf-8''john%5Fsmith.pdf\r\n"
        "Content-Type: application/pdf"
    )
    out = redacted(redactor, raw_part(head)).decode("latin-1")
    plain = out.split('filename="')[1].split('"')[0]
    extended = out.split("utf-8''")[1].split("\r\n")[0]
    assert "smith" not in out
    assert plain == extended


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n" + bytes(200), b"\xff\xd8\xff\xe0" + b"bob@x.io" * 9, b"GIF89a" + bytes(range(256))],
)
def test_a_binary_file_becomes_noise_of_its_length_that_begins_as_its_kind_does(
    redactor: Redactor, content: bytes
) -> None:
    out = value(redactor, Part("f", content, "me.png", "image/png")).content
    assert len(out) == len(content)
    assert out[:4] == content[:4]
    assert out[12:] != content[12:]
    assert b"x.io" not in out
    assert out == value(redactor, Part("g", content, "other.png", "image/png")).content


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/zip", "video/mp4", "no type", ""])
def test_what_is_not_understood_becomes_noise_too(redactor: Redactor, kind: str) -> None:
    content = b"no magic: bob@x.io, Patricia"
    out = value(redactor, Part("f", content, "a.bin", kind)).content
    assert len(out) == len(content)
    assert b"bob" not in out
    assert b"Patricia" not in out


@pytest.mark.parametrize(
    ("kind", "content", "stays"),
    [
        ("text/plain", b"Patricia lives here\nand 2 more", b"\n"),
        ("text/csv", b"name;mail\nPatricia;bob@x.io\n", b";"),
        ("application/json", b'{"email":"bob@x.io","first_name":"Patricia","n":1.10}', b',"n":1.10}'),
        (
            "application/xml",
            b"<a><email>bob@x.io</email><first_name>Patricia</first_name></a>",
            b"</email><first_name>",
        ),
        (
            "application/x-ndjson",
            b'{"email":"bob@x.io"}\n{"first_name":"Patricia"}\n',
            b'"}\n{"first_name":"',
        ),
    ],
)
@pytest.mark.parametrize("filename", ["", "a.txt"])
def test_text_is_redacted_by_its_own_type(
    redactor: Redactor, kind: str, content: bytes, stays: bytes, filename: str
) -> None:
    out = value(redactor, Part("f", content, filename, kind)).content
    assert b"x.io" not in out
    assert b"Patricia" not in out
    assert stays in out


@pytest.mark.parametrize(
    ("kind", "content"), [("text/csv", b"J\xf6rg;1"), ("application/json", b'{"a":"Patricia')]
)
def test_a_file_that_is_not_what_its_type_says_becomes_noise(
    redactor: Redactor, kind: str, content: bytes
) -> None:
    out = value(redactor, Part("f", content, "a.x", kind)).content
    assert len(out) == len(content)
    assert content[1:4] not in out


@pytest.mark.parametrize(
    ("kind", "content"), [("text/plain", b"J\xf6rg"), ("application/json", b'{"a":"Patricia')]
)
def test_a_field_that_is_not_what_its_type_says_is_not_sent(
    redactor: Redactor, kind: str, content: bytes
) -> None:
    with pytest.raises(UnsupportedBody):
        redacted(redactor, body_of(Part("f", content, "", kind)))


def test_a_field_in_another_character_set_stays_in_it(redactor: Redactor) -> None:
    content = "山川中".encode("shift_jis")
    out = value(redactor, Part("note", content, "", "text/plain; charset=shift_jis")).content
    assert out != content
    assert len(out.decode("shift_jis")) == 3


def test_a_quoted_printable_part_is_decoded_and_encoded_again(redactor: Redactor) -> None:
    head = 'Content-Disposition: form-data; name="email"\r\nContent-Transfer-Encoding: Quoted-Printable'
    out = redacted(redactor, raw_part(head, b"b=6Fb=40x.io"))
    content = out.split(b"\r\n\r\n")[1].split(b"\r\n--")[0]
    assert b"x.io" not in out
    assert quopri.decodestring(content).endswith(b".example.com")


@pytest.mark.parametrize("lines", [False, True])
def test_a_base64_part_is_decoded_and_encoded_again(redactor: Redactor, lines: bool) -> None:
    head = 'Content-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Transfer-Encoding: base64'
    raw = bytes(range(200))
    coded = base64.encodebytes(raw).strip().replace(b"\n", b"\r\n") if lines else base64.b64encode(raw)
    out = redacted(redactor, raw_part(head, coded))
    content = out.split(b"\r\n\r\n")[1].split(b"\r\n--")[0]
    assert len(content) == len(coded)
    assert b"\r\n" in content if lines else b"\r\n" not in content
    assert base64.b64decode(content)[:100] != raw[:100]


@pytest.mark.parametrize("transfer", ["uuencode", "x-gzip", "base64"])
def test_a_transfer_encoding_that_is_not_understood_is_not_sent(redactor: Redactor, transfer: str) -> None:
    head = f'Content-Disposition: form-data; name="email"\r\nContent-Transfer-Encoding: {transfer}'
    with pytest.raises(UnsupportedBody, match=r"a part is not|transfer encoding"):
        redacted(redactor, raw_part(head, b"bob@x.io"))


def test_a_type_loses_the_parameters_that_may_name_somebody(redactor: Redactor) -> None:
    head = 'Content-Disposition: form-data; name="a"\r\n'
    head += 'Content-Type: text/plain; name="Patricia.txt"; charset=utf-8'
    out = redacted(redactor, raw_part(head))
    assert b"Content-Type: text/plain; charset=utf-8\r\n" in out


def test_a_text_file_in_another_character_set_stays_in_it(redactor: Redactor) -> None:
    content = "Jürgen;grün\n".encode("latin-1")
    out = value(redactor, Part("f", content, "a.csv", "text/csv; charset=iso-8859-1")).content
    assert b"rgen" not in out
    assert re.fullmatch(r"\w{6};\w{4}\n", out.decode("latin-1"))


def test_headers_and_parameters_of_a_part_that_nobody_needs_are_left_out(redactor: Redactor) -> None:
    head = 'X-Owner: Patricia\r\nContent-Disposition: form-data; name="a"; size=3; owner="Patricia"'
    head += "\r\nContent-Length: 1"
    out = redacted(redactor, raw_part(head))
    assert out == raw_part('Content-Disposition: form-data; name="a"')


def test_a_name_that_is_an_address_is_replaced(redactor: Redactor) -> None:
    assert "x.io" not in value(redactor, Part("bob@x.io", b"1")).name


@pytest.mark.parametrize(
    "boundary",
    [
        "----WebKitFormBoundary7MA4YWxkTrZu0gW",
        "----geckoformboundary6f1ed002ab5595859014ebf0951522d9",
        "x" * 70,
        "-----------------------------9051914041544843365972754266",
        "5d2b1c7e4f3a49d3b2a1c0d9e8f7a6b5",
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_boundary_stays(redactor: Redactor, boundary: str, quote: str) -> None:
    body = body_of(Part("email", b"bob@x.io"), boundary=boundary)
    kind = f"multipart/form-data; boundary={quote}{boundary}{quote}".encode()
    out = redactor.redact(captured(body=body, content_type=kind))
    assert dict(out.headers)[b"Content-Type"] == kind
    assert [part.name for part in parts_in(out.body, kind)] == ["email"]


def test_a_boundary_that_is_somebodys_is_not_sent(redactor: Redactor) -> None:
    body = body_of(Part("a", b"1"), boundary="4111111111111111")
    with pytest.raises(UnsupportedBody, match="boundary holds personal data"):
        redacted(redactor, body, b"multipart/form-data; boundary=4111111111111111")


def test_a_boundary_within_a_content_is_content(redactor: Redactor) -> None:
    body = body_of(Part("color", b"blue --b0undary--\r\n--b0undar"), Part("q", b"x--b0undary"))
    assert [part.name for part in parts_in(redacted(redactor, body))] == ["color", "q"]


WHOLE = body_of(Part("email", b"bob@x.io"), Part("a", b"1"))


@pytest.mark.parametrize(
    "body",
    [
        b"bob@x.io",
        b"bob@x.io\r\n" + WHOLE,
        WHOLE + b"bob@x.io",
        WHOLE[:-4] + b"\r\n",
        WHOLE[:40],
        WHOLE.replace(b"\r\n", b"\n"),
        WHOLE.replace(b"\r\n\r\n", b"\r\n"),
        WHOLE.replace(b"--b0undary\r\n", b"--b0undary-bob@x.io\r\n", 1),
        raw_part("Content-Type: text/plain"),
        raw_part('Content-Disposition: attachment; name="a"'),
        raw_part("Content-Disposition: form-data"),
        raw_part('Content-Disposition: form-data; filename="a.txt"'),
        raw_part('Content-Disposition: form-data; name="a"; name="email"'),
        raw_part('Content-Disposition: form-data; name="a" bob@x.io'),
        raw_part("Content-Disposition: form-data; name*=utf-8''a"),
        raw_part("Content-Disposition: form-data; name=\"a\"; filename*=latin-1''J%F6rg.pdf"),
        raw_part("Content-Disposition: form-data; name=\"a\"; filename*=utf-8''J%F6rg.pdf"),
        raw_part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="email"'),
        raw_part('Content-Disposition: form-data;\r\n name="a"'),
        raw_part('Content-Disposition: form-data; name="a"\r\nbob@x.io'),
        raw_part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/bob@x.io'),
        raw_part(
            'Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=c'
        ).replace(b"multipart/mixed", b"multipart/form-data"),
    ],
)
def test_what_readers_could_take_in_two_ways_is_not_sent(redactor: Redactor, body: bytes) -> None:
    with pytest.raises(UnsupportedBody, match=r"^body: "):
        redacted(redactor, body)


names = st.sampled_from(["email", "q", "phone", "user[name]", "x.y", "note"])
contents = st.one_of(st.binary(max_size=60), st.text(max_size=30).map(str.encode))
files = st.sampled_from(["", "me.png", "Patricia Kowalski.pdf", "a.tar.gz", "x"])
kinds = st.sampled_from(["", "text/plain", "application/json", "image/png", "application/xml"])


@given(st.lists(st.builds(Part, names, contents, files, kinds), min_size=1, max_size=5))
def test_any_body_comes_out_with_the_same_parts(redactor: Redactor, parts: list[Part]) -> None:
    body = body_of(*parts)
    try:
        out = redacted(redactor, body)
    except NotRedacted:
        return
    fresh, old = parts_in(out), parts_in(body)
    assert [part.name for part in fresh] == [part.name for part in old]
    for new, before in zip(fresh, old, strict=True):
        assert bool(new.filename) is bool(before.filename)
        assert new.filename.rpartition(".")[1] == before.filename.rpartition(".")[1]


@pytest.mark.parametrize(
    "body",
    [
        b"--b0undary\r\n" * 90_000,
        WHOLE[:-14] * 20_000 + b"--b0undary--",
        b"\r\n--b0undary" * 90_000 + b"--",
        raw_part("Content-Disposition: form-data" + "; a=b" * 200_000),
        raw_part("Content-Disposition: form-data; name=" + '"\\' * 500_000),
        raw_part("X: y\r\n" * 150_000),
        raw_part('Content-Disposition: form-data; name="a"', b"\r\n--b0undar" * 100_000),
        raw_part(f'Content-Disposition: form-data; name="a"; filename="{"a." * 500_000}"'),
    ],
)
def test_a_megabyte_that_is_made_to_take_long_ends_soon(redactor: Redactor, body: bytes) -> None:
    started = time.thread_time()
    with contextlib.suppress(NotRedacted):
        redacted(redactor, body)
    assert time.thread_time() - started < 3.0
