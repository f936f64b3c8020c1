from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.cli import har
from shadowtap.cli.redact import NOT_SENT
from shadowtap.cli.source import InputError
from tests.cli.commands import Command

PERSONAL = (
    "bob@x.io",
    "bob%40x.io",
    "hunter22",
    "s3ss10n-abcdef",
    "203.0.113.7",
    "Smith",
    "4111111111111111",
)


def entry(**changes: Any) -> dict[str, Any]:
    request = {
        "method": "POST",
        "url": "https://shop.example/users?email=bob%40x.io&page=2",
        "httpVersion": "h2",
        "cookies": [{"name": "sid", "value": "s3ss10n-abcdef"}],
        "headers": [
            {"name": ":authority", "value": "shop.example"},
            {"name": "Content-Type", "value": "application/json; charset=latin-1"},
            {"name": "Cookie", "value": "sid=s3ss10n-abcdef"},
            {"name": "Authorization", "value": "Bearer s3ss10n-abcdef"},
            {"name": "Accept", "value": "*/*"},
        ],
        "queryString": [{"name": "email", "value": "bob@x.io"}],
        "postData": {"mimeType": "application/json", "text": '{"email": "bob@x.io", "n": 1.10}'},
        "headersSize": 200,
        "bodySize": 32,
    }
    response = {
        "status": 201,
        "statusText": "Made for Smith",
        "httpVersion": "h2",
        "cookies": [{"name": "sid", "value": "s3ss10n-abcdef"}],
        "headers": [
            {"name": "Set-Cookie", "value": "sid=s3ss10n-abcdef"},
            {"name": "Content-Type", "value": "application/json"},
        ],
        "content": {
            "size": 22,
            "mimeType": "application/json",
            "text": '{"surname":"Smith","email":"bob@x.io"}',
        },
        "redirectURL": "/users?email=bob%40x.io",
        "headersSize": -1,
        "bodySize": 22,
    }
    return {
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "time": 12.5,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 1, "wait": 2.5, "receive": 3, "comment": "Smith"},
        "serverIPAddress": "203.0.113.7",
        "comment": "Smith",
        "_initiator": {"url": "https://shop.example/4111111111111111"},
    } | changes


def archive(*entries: dict[str, Any]) -> bytes:
    pages = [{"id": "page_1", "title": "https://shop.example/?email=bob@x.io"}]
    return json.dumps({"log": {"version": "1.2", "creator": {}, "pages": pages, "entries": entries}}).encode()


def test_every_entry_comes_out_redacted_and_nothing_personal_is_left(command: Command) -> None:
    status, out, err = command("redact", stdin=archive(entry(), entry()))
    assert (status, err) == (0, "")
    assert not [text for text in PERSONAL if text in out.decode()]
    log = json.loads(out)["log"]
    assert log["version"] == "1.2"
    first, second = log["entries"]
    assert first == second
    request, response = first["request"], first["response"]
    assert request["cookies"] == response["cookies"] == []
    assert request["url"].startswith("https://shop.example/users?email=")
    sent = json.loads(request["postData"]["text"])
    assert (
        sent["email"]
        == request["queryString"][0]["value"]
        == json.loads(response["content"]["text"])["email"]
    )
    assert request["postData"]["text"].endswith(', "n": 1.10}')
    assert [header["name"] for header in request["headers"]] == ["Content-Type", "Accept"]
    assert response["redirectURL"].startswith("/users?email=")
    assert (response["status"], response["statusText"]) == (201, "Created")
    assert first["timings"] == {"send": 1, "wait": 2.5, "receive": 3}


def test_an_entry_has_all_that_the_format_asks_for(command: Command) -> None:
    (found,) = json.loads(command("redact", stdin=archive(entry())).out)["log"]["entries"]
    assert {"startedDateTime", "time", "request", "response", "cache", "timings"} == set(found)
    assert {
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "postData", "headersSize",
        "bodySize",
    } == set(found["request"])  # fmt: skip
    assert {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
        "bodySize",
    } == set(found["response"])  # fmt: skip


def test_an_entry_that_would_not_be_sent_is_left_out_and_named(command: Command) -> None:
    binary = entry(
        request={
            "method": "POST",
            "url": "http://a/",
            "postData": {"mimeType": "image/png", "text": "bob@x.io"},
        }
    )
    status, out, err = command("redact", "--format", "har", stdin=archive(binary, entry()))
    assert status == NOT_SENT
    assert err == "shadowtap: entry 1: not sent: body: format is not understood\n"
    assert len(json.loads(out)["log"]["entries"]) == 1


def test_content_that_is_not_understood_is_dropped(command: Command) -> None:
    page = entry()["response"] | {"content": {"mimeType": "text/html", "text": "<p>bob@x.io</p>"}}
    coded = page | {
        "content": {"mimeType": "application/json", "text": "WyJib2JAeC5pbyJd", "encoding": "base64"}
    }
    status, out, _ = command("redact", stdin=archive(entry(response=page), entry(response=coded)))
    dropped, kept = json.loads(out)["log"]["entries"]
    assert status == 0
    assert dropped["response"]["content"] == {"size": 0, "mimeType": ""}
    assert "example.com" in kept["response"]["content"]["text"]


def test_params_stand_for_a_missing_text(command: Command) -> None:
    params = [{"name": "email", "value": "bob@x.io"}, {"name": "n", "value": "1"}]
    form = {"mimeType": "application/x-www-form-urlencoded", "params": params}
    request = {"method": "POST", "url": "http://a.example/", "postData": form}
    (found,) = json.loads(command("redact", stdin=archive(entry(request=request))).out)["log"]["entries"]
    assert found["request"]["postData"]["text"].endswith("example.com&n=1")


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"log": {}}', b'{"log": {"entries": [{"request": {}}]}}', b'{"log": {"entries": 7}}'],
)
def test_what_is_no_archive_is_an_error(content: bytes) -> None:
    with pytest.raises(InputError, match="not a HAR file"):
        har.entries(content)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
ANY_ENTRY = st.fixed_dictionaries(
    {"request": st.fixed_dictionaries({"method": st.just("GET"), "url": st.just("http://a.example/b")})},
    optional={
        name: JSON_VALUES | st.fixed_dictionaries({}, optional=dict.fromkeys(
            ("headers", "content", "status", "redirectURL", "httpVersion", "send"), JSON_VALUES))
        for name in ("response", "timings", "time", "startedDateTime")
    },
)  # fmt: skip


@given(ANY_ENTRY)
def test_an_entry_with_anything_in_it_is_read(found: dict[str, Any]) -> None:
    assert har.request_of(found).path == b"/b"
    assert har.answer_of(found, content=True).method == "GET"
