from __future__ import annotations

import base64
import json
import re

import pytest

from shadowtap.redact import Redactor
from tests.redact.asking import json_value, redact_json


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
