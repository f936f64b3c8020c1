from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.cli import raw_http
from shadowtap.cli.source import InputError
from shadowtap.exchange import CapturedRequest, RedactedRequest

TOKENS = st.text("abcXYZ-", min_size=1, max_size=8).map(str.encode)
TARGETS = st.text("abc/%2F.~", max_size=8).map(lambda text: b"/" + text.encode())
FIELDS = st.lists(st.tuples(TOKENS, st.text("ab :,;=\u00e9", max_size=9).map(lambda t: t.strip().encode())))
REQUESTS = st.builds(
    RedactedRequest,
    st.sampled_from(["GET", "POST", "M-SEARCH"]),
    TARGETS,
    TOKENS,
    FIELDS,
    st.binary(max_size=20),
)


@given(st.lists(REQUESTS, max_size=4), st.booleans())
def test_what_is_written_reads_the_same(requests: list[RedactedRequest], bare: bool) -> None:
    text = b"".join(raw_http.write(request) for request in requests)
    if bare and not any(request.body for request in requests):
        text = text.replace(b"\r\n", b"\n")
    found = list(raw_http.read(text))
    assert len(found) == len(requests)
    for request, read in zip(requests, found, strict=True):
        assert (request.method, request.path, request.query) == (read.method, read.path, read.query)
        assert b"".join(read.body) == request.body
        assert list(read.headers)[: len(request.headers)] == list(request.headers)


def read_one(text: bytes) -> CapturedRequest:
    (request,) = raw_http.read(text)
    return request


def test_without_a_length_the_body_is_the_rest() -> None:
    assert read_one(b"POST /a HTTP/1.1\nA: b\n\n{}\nx").body == (b"{}\nx",)
    assert read_one(b"\r\nGET /a HTTP/1.0\r\n\r\n\r\n").body == (b"",)
    assert [request.path for request in raw_http.read(b"GET /a HTTP/1.1\n\nGET /b HTTP/1.1\n\n")] == [
        b"/a",
        b"/b",
    ]


def test_an_absolute_target_is_split() -> None:
    request = read_one(b"GET https://shop.example/a?b=c HTTP/1.1\r\n\r\n")
    assert (request.scheme, request.path, request.query) == ("https", b"/a", b"b=c")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"bob@x.io", "request 1: does not begin with"),
        (b"GET /a HTTP/1.1\n\nGET /b HTTP/1.1\nbob@x.io\n\n", "request 2: a header is not of the form"),
        (b"GET /a HTTP/1.1\n folded: bob@x.io\n\n", "a header is not of the form"),
        (b"POST /a HTTP/1.1\nContent-Length: 9\n\nbob@x.io", "shorter than its Content-Length"),
        (
            b"POST /a HTTP/1.1\nContent-Length: 1\nContent-Length: 2\n\nbob@x.io",
            "Content-Length is not a number",
        ),
        (b"POST /a HTTP/1.1\nContent-Length: bob@x.io\n\n", "Content-Length is not a number"),
        (b"POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n0\n\n", "has a Transfer-Encoding"),
        (b"GET http://[bob@x.io HTTP/1.1\n\n", "request 1: its target is no URL"),
    ],
)
def test_what_is_no_request_is_an_error_that_shows_nothing_of_it(text: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        list(raw_http.read(text))
    assert "bob" not in str(caught.value)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    with suppress(InputError):
        list(raw_http.read(b"POST /a HTTP/1.1\r\n" + text))
