from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shadowtap.cli.redact import NOT_SENT
from shadowtap.redact import Redactor
from tests.cli.commands import KEY, Command, run
from tests.redact.asking import JSON, captured

BODY = b'{"email": "bob@x.io",\r\n "total": 1.10, "tags": ["a", null], "total": 1e5}'
SECRETS = ("bob@x.io", "hunter22", "203.0.113.7", "John")
TALKATIVE = (
    b'{"email": "bob@x.io", "password": "hunter22", "count": 7, "state": "open",'
    b' "id": "0b1f4a0e-7c1d-4b6f-9d5e-2f1c3b4a5d6e", "note": "Ring John at noon", "bob@x.io": 1}'
)
RAW = (
    b"POST /users/7?q=1 HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n"
    b'Cookie: sid=abcdefgh\r\nContent-Length: 20\r\n\r\n{"email":"bob@x.io"}'
    b"GET /health HTTP/1.1\r\nAccept: */*\r\n\r\n"
)


def test_a_body_comes_out_as_it_would_be_sent_byte_for_byte(redactor_of_commands: Redactor) -> None:
    done = run("redact", "--content-type", "application/json", stdin=BODY)
    expected = redactor_of_commands.redact(captured(path="/", body=BODY, content_type=JSON)).body
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    assert b'"total": 1.10, "tags": ["a", null], "total": 1e5}' in done.stdout


def test_what_would_not_be_sent_exits_with_3_and_the_reason_alone() -> None:
    done = run("redact", "--content-type", "application/json", stdin=b'{"email": "bob@x.io"')
    assert (done.returncode, done.stdout) == (NOT_SENT, b"")
    assert done.stderr == b"shadowtap: not sent: body: not valid JSON\n"


def test_help_does_not_wait_for_presidio() -> None:
    code = (
        "import sys; sys.argv = ['shadowtap', 'redact', '--help']\n"
        "from shadowtap import cli\n"
        "try: cli.main()\n"
        "except SystemExit: assert 'presidio_analyzer' not in sys.modules"
    )
    assert not subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode


def test_a_body_without_changes_is_the_same(command: Command) -> None:
    body = b'[1.10, -0, 1e5, {"a" :"b\\u00e9"} ]\n'
    assert command("redact", stdin=body) == (0, body, "")


def test_without_a_key_a_random_one_is_warned_of_once(command: Command) -> None:
    result = command("redact", stdin=BODY, key=None)
    assert result.status == 0
    assert result.err.count("\n") == 1
    assert "set SHADOWTAP_REDACT_KEY" in result.err
    assert b"bob@x.io" not in result.out


def test_the_key_may_stand_in_the_settings_file(command: Command, tmp_path: Path) -> None:
    config = tmp_path / "shadowtap.toml"
    config.write_text(f'redact_key = "{KEY}"\n')
    given = command("redact", "--config", str(config), stdin=BODY, key=None)
    assert given == command("redact", stdin=BODY)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.json", b'{"email": "bob@x.io"}'),
        ("a", b' ["bob@x.io"]'),
        ("a", b"email=bob%40x.io&n=1"),
        ("a.txt", b"bob@x.io"),
    ],
)
def test_the_content_or_the_files_ending_tells_the_type(
    command: Command, tmp_path: Path, name: str, body: bytes
) -> None:
    (tmp_path / name).write_bytes(body)
    status, out, _ = command("redact", str(tmp_path / name))
    assert status == 0
    assert b"bob" not in out
    assert b"example.com" in out


def test_a_content_that_does_not_tell_its_type_is_an_error(command: Command) -> None:
    status, out, err = command("redact", stdin=b"Dear bob@x.io")
    assert (status, out) == (2, b"")
    assert "give --content-type" in err


def test_the_rest_of_the_request_can_be_given(command: Command) -> None:
    named = command("redact", "--path", "/products/7", stdin=b'{"name": "Blue Lamp"}')
    assert named.out == b'{"name": "Blue Lamp"}'
    dropped = command(
        "redact", "--header", "Authorization: Bearer abcdef-12345", stdin=b'{"again": "abcdef-12345"}'
    )
    assert b"abcdef-12345" not in dropped.out
    refused = command("redact", "--query", "a=%ff", "--method", "PUT", stdin=b"{}")
    assert (refused.status, refused.err) == (
        NOT_SENT, "shadowtap: not sent: query: percent-encoded text is not UTF-8\n"
    )  # fmt: skip
    assert command("redact", "--header", "nonsense", stdin=b"{}").status == 2


def test_a_file_that_is_not_there_is_an_error(command: Command, tmp_path: Path) -> None:
    status, _, err = command("redact", str(tmp_path / "none.json"))
    assert status == 2
    assert "cannot be read" in err


@pytest.mark.parametrize(
    "option",
    [
        ("--path", "/a"),
        ("--query", "a=b"),
        ("--method", "PUT"),
        ("--header", "A: b"),
        ("--content-type", "a/b"),
    ],
)
def test_what_is_around_a_body_cannot_be_given_for_whole_requests(
    command: Command, option: tuple[str, str]
) -> None:
    status, out, err = command("redact", "--format", "http", *option, stdin=RAW)
    assert (status, out) == (2, b"")
    assert "go with a body alone" in err


def test_raw_requests_come_out_as_raw_requests(command: Command) -> None:
    status, out, _ = command("redact", stdin=RAW)
    assert status == 0
    first, rest = out.split(b"GET /health")
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /users/7?q=1 HTTP/1.1\r\nHost: shop.example\r\n")
    assert b"Cookie" not in head
    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body)["email"].endswith("example.com")
    assert rest == b" HTTP/1.1\r\nAccept: */*\r\n\r\n"
    assert command("redact", "--format", "http", stdin=out).status == 0


def test_a_raw_request_that_would_not_be_sent_is_left_out_and_named(command: Command) -> None:
    bad = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nxx"
    status, out, err = command("redact", stdin=bad + RAW)
    assert status == NOT_SENT
    assert err == "shadowtap: request 1: not sent: body: no content type\n"
    assert out == command("redact", stdin=RAW).out


def test_an_explanation_tells_the_step_for_each_value_and_no_value(command: Command) -> None:
    arguments = ["--header", "X-Forwarded-For: 203.0.113.7", "--header", "Cookie: sid=abcdefgh"]
    status, out, _ = command("redact", "--explain", *arguments, stdin=TALKATIVE)
    text = out.decode()
    assert status == 0
    assert not [secret for secret in SECRETS if secret in text]
    for seen in (
        "recogniser IP_ADDRESS", "key name EMAIL_ADDRESS", "credential SECRET", "technical shape",
        "unrecognised", "free text FREE_TEXT", "dropped", "number 1", "string 36", "name 8",
    ):  # fmt: skip
        assert seen in text, seen
    assert "\x1b[" not in text
    assert "dropped: 1 credential" in text


def test_an_explanation_of_what_fails_goes_as_far_as_it_came(command: Command) -> None:
    status, out, err = command(
        "redact", "--explain", "--header", "X-A: b", "--content-type", "a/b", stdin=b"x"
    )
    assert status == NOT_SENT
    assert b"headers" in out
    assert err.endswith("not sent: body: format is not understood\n")


def test_colours_are_for_terminals_alone_and_can_be_switched_off(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    assert b"\x1b[32m" in command("redact", "--explain", stdin=TALKATIVE).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b[" not in command("redact", "--explain", stdin=TALKATIVE).out
