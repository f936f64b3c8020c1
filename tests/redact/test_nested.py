from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import pytest

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact import Redactor
from tests.redact.asking import captured, json_value, redact_json


def test_json_inside_strings_is_redacted_two_levels_deep(redactor: Redactor) -> None:
    inner = json.dumps({"email": "bob@x.io", "id": 7})
    body = {"payload": json.dumps({"again": inner})}
    out = json.loads(redact_json(redactor, json.dumps(body)))
    deep = json.loads(json.loads(out["payload"])["again"])
    assert deep["id"] == 7
    assert deep["email"].endswith(".example.com")


@pytest.mark.parametrize("value", ["eyJlbWFpbCI6ICJib2JAeC5pbyIsICJpZCI6IDd9", "Ym9iLnNtaXRoQHguaW8_"])
def test_readable_base64_is_redacted_and_encoded_again(redactor: Redactor, value: str) -> None:
    out = json_value(redactor, "blob", value)
    assert out != value
    decoded = base64.urlsafe_b64decode(out + "=" * (-len(out) % 4))
    assert b"x.io" not in decoded
    assert b"example.com" in decoded


def test_base64_of_anything_else_stays(redactor: Redactor) -> None:
    assert json_value(redactor, "etag", "q83vEjRWeJq83vEjRWeJqg==") == "q83vEjRWeJq83vEjRWeJqg=="


def test_a_file_in_base64_is_made_noise_of_the_same_length(redactor: Redactor) -> None:
    file = base64.b64encode(bytes(range(256))).decode()
    out = json_value(redactor, "blob", file)
    assert len(out) == len(file)
    assert base64.b64decode(out)[:200] != bytes(range(256))[:200]


def test_a_data_url_keeps_its_type_alone(redactor: Redactor) -> None:
    out = json_value(redactor, "avatar", "data:image/png;base64,iVBORw0KGgo=")
    assert out.startswith("data:image/png;base64,")
    assert out.endswith("=")
    assert "iVBORw0KGgo" not in out


def test_a_url_keeps_its_host_and_loses_what_is_personal(redactor: Redactor) -> None:
    out = json_value(redactor, "next", "https://shop.example/u/bob%40x.io/7?mail=bob%40x.io&page=2#top")
    assert re.fullmatch(r"https://shop\.example/u/[^/]+%40[^/]+/7\?mail=[^&]+%40[^&]+&page=2#top", out)
    assert "x.io" not in out


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(
    claims: object, header: object = None, signature: bytes = b"0123456789abcdef0123456789abcdef"
) -> str:
    parts = (header or {"alg": "HS256", "typ": "JWT"}, claims)
    return ".".join([*(b64url(json.dumps(part).encode()) for part in parts), b64url(signature)])


def claims_in(token: str) -> Any:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


CLAIMS = {
    "sub": "42",
    "name": "Patricia Kowalski",
    "email": "bob@x.io",
    "exp": 1790000000,
    "roles": ["admin"],
}
TOKEN = token_of(CLAIMS)


def test_the_claims_of_a_token_are_redacted_and_its_shape_stays(redactor: Redactor) -> None:
    out = json_value(redactor, "x", TOKEN)
    header, _, signature = out.split(".")
    claims = claims_in(out)
    assert header == TOKEN.split(".")[0]
    assert len(signature) == len(TOKEN.split(".")[2])
    assert signature != TOKEN.split(".")[2]
    assert list(claims) == list(CLAIMS)
    assert claims["email"].endswith(".example.com")
    assert "Kowalski" not in claims["name"]
    assert (claims["sub"], claims["exp"], claims["roles"]) == ("42", 1790000000, ["admin"])


def test_a_token_without_personal_claims_loses_its_signature_alone(redactor: Redactor) -> None:
    token = token_of({"sub": "42", "exp": 1790000000})
    out = json_value(redactor, "x", token)
    assert out.rpartition(".")[0] == token.rpartition(".")[0]
    assert out != token


def test_the_same_token_gets_the_same_surrogate_everywhere(redactor: Redactor) -> None:
    request = captured(
        query=f"token={TOKEN}&next=%2Fa%3Fjwt%3D{TOKEN}",
        path=f"/t/{TOKEN}",
        headers=[
            ("Cookie", f"seen={TOKEN}"),
            ("X-Note", f"Bearer {TOKEN}"),
            ("Referer", f"https://a.example/?t={TOKEN}"),
        ],
        body=json.dumps(
            {"token": TOKEN, "q": f"is {TOKEN} it?", "deep": json.dumps({"jwt": TOKEN})}
        ).encode(),
        content_type=b"application/json",
    )
    out = redactor.redact(request, keep_headers=("cookie",))
    fresh = json.loads(out.body)["token"]
    assert claims_in(fresh)["email"].endswith(".example.com")
    sent = b"\n".join([out.path, out.query, out.body, *(value for _, value in out.headers)])
    assert TOKEN.encode() not in sent
    assert sent.count(fresh.encode()) == 9


@pytest.mark.parametrize(
    "token",
    [
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..q83vEjRWeJq83vEj.AxY8DCtDaGlsbGljb3RoZQ.abcdefgh",
        "eyJhbGciOiJIUzI1NiJ9.q83vEjRWeJq83vEjRWeJqg.c2lnbmF0dXJl",
        token_of(["bob@x.io"]),
        "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImJvYkB4Lm.c2lnbmF0dXJl",
    ],
)
def test_a_token_that_cannot_be_read_becomes_noise(redactor: Redactor, token: str) -> None:
    out = json_value(redactor, "x", token)
    assert len(out) == len(token)
    assert out.split(".")[-2:] != token.split(".")[-2:]


def test_a_header_of_a_token_is_no_hiding_place(redactor: Redactor) -> None:
    out = json_value(redactor, "x", token_of({"sub": "42"}, {"alg": "none", "kid": "bob@x.io"}))
    header = out.split(".")[0]
    assert b"x.io" not in base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))


def test_tokens_within_tokens_come_to_an_end(redactor: Redactor) -> None:
    token = TOKEN
    for _ in range(12):
        token = token_of({"inner": token})
    out = json_value(redactor, "x", token)
    for _ in range(12):
        out = claims_in(out)["inner"]
    assert claims_in(out)["email"].endswith(".example.com")


def test_broken_tokens_within_headers_of_tokens_are_looked_at_once_each(redactor: Redactor) -> None:
    token = TOKEN
    for _ in range(10):
        token = (
            token_of({"sub": "42"}, {"alg": "none", "kid": token}).rsplit(".", 2)[0] + ".q83vEjRWeJqb.c2ln"
        )
    request = captured(body=json.dumps({"x": token}).encode(), content_type=b"application/json")
    started = time.thread_time()
    assert b"x.io" not in redactor.redact(request).body
    assert time.thread_time() - started < 1.0


@pytest.mark.parametrize("key", ["x", "note", "payload"])
def test_a_form_within_a_string_is_redacted_as_a_form(redactor: Redactor, key: str) -> None:
    out = json_value(redactor, key, "page=2&last_name=Kowalski&email=bob%40x.io&sort=up")
    assert re.fullmatch(r"page=2&last_name=\w+&email=[\w.]+%40[\w.]+&sort=up", out)
    assert "Kowalski" not in out


def test_a_single_pair_counts_if_its_name_is_known(redactor: Redactor) -> None:
    assert json_value(redactor, "x", "lastName=Kowalski").startswith("lastName=")
    assert "Kowalski" not in json_value(redactor, "x", "lastName=Kowalski")
    assert json_value(redactor, "x", "color=blue") == "color=blue"


def test_a_data_url_of_text_is_redacted_as_text(redactor: Redactor) -> None:
    out = json_value(redactor, "x", "data:text/plain,Patricia%20wrote%20to%20bob%40x.io")
    assert out.startswith("data:text/plain,")
    assert re.fullmatch(r"[\w%.\-]+", out.partition(",")[2])
    assert "Patricia" not in out
    assert "x.io" not in out


def test_a_data_url_that_is_not_text_becomes_noise_whatever_it_says(redactor: Redactor) -> None:
    out = json_value(redactor, "x", "data:,%FFPatricia")
    assert out.startswith("data:,")
    assert "Patricia" not in out


@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("padded", [True, False])
def test_base64_keeps_its_alphabet_and_padding(redactor: Redactor, alphabet: Any, padded: bool) -> None:
    value = alphabet(b'{"email":"bob@x.io","k":"~~~???>>>"}').decode()
    value = value if padded else value.rstrip("=")
    out = json_value(redactor, "blob", value)
    assert bool(set("-_") & set(out)) == bool(set("-_") & set(value))
    data = base64.b64decode(out.replace("-", "+").replace("_", "/") + "=" * (-len(out) % 4))
    assert json.loads(data)["k"] == "~~~???>>>"
    assert b"x.io" not in data


def test_what_was_removed_is_not_sent_in_unreadable_base64_either(redactor: Redactor) -> None:
    packed = base64.b64encode(b"\x00\x9f\xff" + b"Kowalski-Brzezinski" + b"\x01").decode()
    with pytest.raises(RedactionFailed, match="still in the request"):
        redact_json(redactor, json.dumps({"last_name": "Kowalski-Brzezinski", "state": packed}))
