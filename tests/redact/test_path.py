from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import RedactionFailed
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from shadowtap.redact.path import topic
from tests.redact.asking import captured, redact_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//a///b/",
        "/api/v1/users/42/orders",
        "/users/7c8d263f-b209-4da6-9d61-38e623895858",
        "/products/blue-running-shoes",
        "/static/app.3f2a1b.js",
        "/caf%C3%A9/%7Eann",
        "/releases/version/1.2.3.4",
        "/reports/2026-10-01",
        "/password/reset",
        "/phone/verify",
        "*",
    ],
)
def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor, path: str) -> None:
    assert redactor.redact(captured("GET", path=path)).path.decode() == path


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("/users/bob@x.io/orders/88", "bob@x.io"),
        ("/users/bob%40x.io", "x.io"),
        ("/u/13912345678", "13912345678"),
        ("/card/4111111111111111", "4111111111111111"),
        ("/search/John%20Smith", "Smith"),
        ("/passport/C01X00T47", "C01X00T47"),
        ("/reset/token/a8f3k2l9q0", "a8f3k2l9q0"),
        ("/users;email=bob@x.io/7", "x.io"),
        ("/users;phone=5550187;page=2", "5550187"),
        ("/x/%EF%BC%94111111111111111", "111111111111111"),
    ],
)
def test_a_personal_segment_is_replaced(redactor: Redactor, path: str, gone: str) -> None:
    out = redact_path(redactor, path)
    assert gone not in out
    assert out.count("/") == path.count("/")


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/people/{last_name}", "/people/Desrosiers"),
        ("/people/{last_name:str}/posts", "/people/Desrosiers/posts"),
        ("/people/<last_name>", "/people/Desrosiers"),
        ("/people/<str:last_name>/", "/people/Desrosiers/"),
        ("people/<string(length=2):last_name>", "/mounted/people/Desrosiers"),
        ("^people/(?P<last_name>[^/]+)$", "/people/Desrosiers"),
        ("/people/:last_name", "/people/Desrosiers"),
        ("/users/{name}", "/users/Desrosiers"),
    ],
)
def test_the_parameter_of_a_route_tells_what_a_segment_is(redactor: Redactor, route: str, path: str) -> None:
    out = redact_path(redactor, path, route)
    assert "Desrosiers" not in out
    assert re.sub(r"/[A-Z][a-z]{1,4}(?=/|$)", "/Desrosiers", out) == path


def test_the_fixed_segments_of_a_route_stay(redactor: Redactor) -> None:
    assert redact_path(redactor, "/contact us now/{7}", "/contact us now/{x}") == "/contact us now/{7}"


def test_a_route_that_does_not_fit_is_not_believed(redactor: Redactor) -> None:
    assert "x.io" not in redact_path(redactor, "/bob@x.io/orders", "/users/orders")
    assert "x.io" not in redact_path(redactor, "/bob@x.io", "/a/b/c/d")


def test_what_is_removed_from_the_body_is_removed_from_the_path(redactor: Redactor) -> None:
    request = CapturedRequest(
        "PUT",
        "https",
        b"/accounts/kanari42",
        b"",
        ((b"content-type", b"application/json"),),
        (b'{"username":"kanari42"}',),
        "",
        "",
    )
    out = redactor.redact(request)
    name = out.path.decode().removeprefix("/accounts/")
    assert name != "kanari42"
    assert out.body.decode() == f'{{"username":"{name}"}}'


@pytest.mark.parametrize("path", [b"/caf\xe9", b"/caf%E9"])
def test_a_path_that_is_not_utf_8_is_not_sent(redactor: Redactor, path: bytes) -> None:
    with pytest.raises(RedactionFailed, match="path"):
        redactor.redact(CapturedRequest("GET", "https", path, b"", (), (), "", ""))


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/api/v1/users/7", "users"),
        ("/customers/ann/orders", "orders"),
        ("/users/patricia", "users"),
        ("/", None),
    ],
)
def test_only_a_word_of_field_names_is_what_a_body_is_about(path: str, word: str | None) -> None:
    assert topic(path) == ((word,) if word else ())


@given(
    st.lists(
        st.sampled_from(["users", "bob%40x.io", "7", "", "a;b=c", "%2F", "Ann%20Lee", "v1.2"]), max_size=6
    )
)
def test_any_path_comes_out_with_as_many_segments(redactor: Redactor, segments: list[str]) -> None:
    path = "/" + "/".join(segments)
    out = redactor.redact(captured("GET", path=path)).path.decode()
    assert out.count("/") == path.count("/")
    assert "x.io" not in out
