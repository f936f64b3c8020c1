from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.commands import Command
from tests.cli.test_har import PERSONAL, archive, entry

LINES = (
    b'{"user": {"email": "bob@x.io", "flavour": "bobby"}, "n": 1.10, "notes": ["hi there you", "x"],'
    b' "x": "eve@x.io"}\n'
    b'\n{"user": {"email": "n/a", "flavour": "al"}, "eve@x.io": true}\n{"broken": \n'
)


def test_texts_that_nobody_recognised_come_first_and_no_value_is_shown(command: Command) -> None:
    status, out, err = command("discover", "--format", "jsonl", stdin=LINES, key=None)
    head, first, *rest = out.decode().splitlines()
    assert (status, err) == (0, "")
    assert head == "3 requests, 12 values at 7 places"
    assert first.split() == ["2", "string", "kept", "unrecognised", "body.user.flavour"]
    assert rest[-1].split(maxsplit=1) == ["1", "requests not sent: body: not valid JSON"]
    assert not [value for value in (b"bob", b"eve", b"hi there") if value in out]


def test_archives_and_raw_requests_are_read_too(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.har").write_bytes(archive(entry(), entry()))
    (tmp_path / "b.http").write_bytes(b"GET /a?email=bob@x.io HTTP/1.1\r\nCookie: sid=s3ss10n-abcdef\r\n\r\n")
    status, out, _ = command("discover", str(tmp_path / "a.har"), str(tmp_path / "b.http"))
    assert status == 0
    assert out.startswith(b"3 requests, ")
    assert [line.split()[0] for line in out.decode().splitlines() if line.endswith(" query.email")] == ["3"]
    assert not [text for text in PERSONAL if text in out.decode()]


def test_rules_to_review_are_sound_toml_with_the_reasons_beside_them(command: Command) -> None:
    status, out, _ = command("discover", "--toml", "--format", "jsonl", stdin=LINES)
    assert status == 0
    rules = {rule["path"]: rule for rule in tomllib.loads(out.decode())["redact"]}
    assert set(rules) == {"body.user.flavour", "body.user.email", "body.notes", "body.x"}
    assert rules["body.user.flavour"] == {"path": "body.user.flavour", "action": "keep"}
    assert rules["body.notes"]["action"] == "scrub"
    assert rules["body.user.email"]["as"] == rules["body.x"]["as"] == "EMAIL_ADDRESS"
    assert "# 2 of type string replaced: free text FREE_TEXT" in out.decode()
    assert not [value for value in (b"bob", b"eve", b"hi there") if value in out]


def test_rules_of_any_place_are_legal_settings_and_bring_what_they_say(
    command: Command, tmp_path: Path
) -> None:
    body = (
        b'{"a[0]": "x", "\\ud800\\u0007": "y", "quo\\"te": "z", "a.b": "v", "passport": "912803456",'
        b' "**x": "w", "x": "eve@x.io"}'
    )
    (tmp_path / "a.json").write_bytes(body)
    config = tmp_path / "rules.toml"
    config.write_bytes(command("discover", "--toml", str(tmp_path / "a.json")).out)
    assert tomllib.loads(config.read_text())["redact"]
    status, out, _ = command("redact", "--explain", "--config", str(config), str(tmp_path / "a.json"))
    assert status == 0
    assert [line.split()[3:7] for line in out.decode().splitlines() if line.startswith("body.x ")] == [
        ["replaced", "user", "rule", "EMAIL_ADDRESS"]
    ]


@pytest.mark.parametrize("content", [b"Dear bob@x.io", b'{"log": {"entries": [7]}}'])
def test_what_cannot_be_read_is_an_error(command: Command, content: bytes) -> None:
    status, out, err = command("discover", stdin=content)
    assert (status, out) == (2, b"")
    assert "bob" not in err
