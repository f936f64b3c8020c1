"""The request target as the client sent it, out of what servers make of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.request_target import from_environ, from_scope


@pytest.mark.parametrize(
    ("scope", "target"),
    [
        ({"path": "/a b", "raw_path": b"/a%20b", "query_string": b"c=d"}, (b"/a%20b", b"c=d")),
        ({"path": "/a b/\u00e9?", "query_string": b""}, (b"/a%20b/%C3%A9%3F", b"")),
        ({"path": "/a", "raw_path": b"/a?c=d", "query_string": b"c=d"}, (b"/a", b"c=d")),
        ({"path": "/a", "raw_path": b"http://shop.example/a", "query_string": b""}, (b"/a", b"")),
        ({"path": "/", "raw_path": b"http://shop.example", "query_string": b""}, (b"/", b"")),
        (
            {"path": "/x/http://y/z", "raw_path": b"/x/http://y/z", "query_string": b""},
            (b"/x/http://y/z", b""),
        ),
        ({"path": "/a", "raw_path": None, "query_string": b"%20"}, (b"/a", b"%20")),
        ({"path": "/a", "raw_path": b"/a#b", "query_string": b""}, (b"/a", b"")),
        ({"path": "*", "raw_path": b"*", "query_string": b""}, (b"*", b"")),
        ({"path": "", "raw_path": b"", "query_string": b""}, (b"/", b"")),
    ],
)
def test_the_target_on_asgi(scope: dict[str, Any], target: tuple[bytes, bytes]) -> None:
    assert from_scope(scope) == target


@pytest.mark.parametrize(
    ("environ", "target"),
    [
        ({"PATH_INFO": "/a b", "QUERY_STRING": "c=d"}, (b"/a%20b", b"c=d")),
        ({"SCRIPT_NAME": "/site", "PATH_INFO": "/\xc3\xa9"}, (b"/site/%C3%A9", b"")),
        ({"PATH_INFO": "/a b", "RAW_URI": "/a%20b?c=%20"}, (b"/a%20b", b"c=%20")),
        ({"PATH_INFO": "/a", "REQUEST_URI": "/a%2Fb", "QUERY_STRING": "c"}, (b"/a%2Fb", b"c")),
        ({"PATH_INFO": "/a", "RAW_URI": "http://shop.example/a?b"}, (b"/a", b"b")),
        ({"PATH_INFO": ""}, (b"/", b"")),
        ({}, (b"/", b"")),
    ],
)
def test_the_target_on_wsgi(environ: dict[str, Any], target: tuple[bytes, bytes]) -> None:
    assert from_environ(environ) == target


@given(st.binary(max_size=60))
def test_a_path_that_is_encoded_anew_means_the_same(path: bytes) -> None:
    from urllib.parse import unquote_to_bytes

    found, _ = from_environ({"PATH_INFO": "/" + path.decode("latin-1")})
    assert unquote_to_bytes(found) == b"/" + path
    assert found.isascii()
    assert not set(found) & set(b' ?#"<>\\^`{|}\r\n')
