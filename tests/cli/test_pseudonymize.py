from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shadowtap.cli import progress
from shadowtap.cli.redact import NOT_SENT
from shadowtap.redact import Redactor
from tests.cli.commands import KEY, Command
from tests.redact.asking import redact_json

PEOPLE = [
    {"email": "bob@x.io", "phone": "+1 212 555 0187", "card": "4111 1111 1111 1111", "surname": "Smith"},
    {"email": "Bob@X.io", "phone": "(212) 555-0187", "card": "4111111111111111", "surname": "O'SMITH"},
    {"email": "zoë@bücher.example", "phone": "", "card": "n/a", "surname": "Zoë"},
]
COLUMNS = ("email=EMAIL_ADDRESS", "phone=PHONE_NUMBER", "card=CREDIT_CARD", "surname=PERSON")


def table(rows: list[dict[str, str]]) -> str:
    return "\r\n".join([",".join(rows[0]), *[",".join(row.values()) for row in rows]])


@pytest.mark.parametrize("options", [["--auto"], [x for name in COLUMNS for x in ("--column", name)]])
def test_a_table_gets_the_surrogates_that_a_body_gets(
    command: Command, redactor_of_commands: Redactor, options: list[str]
) -> None:
    sent = [json.loads(redact_json(redactor_of_commands, json.dumps(row), "/")) for row in PEOPLE]
    status, out, _ = command("pseudonymize", "--csv", *options, stdin=table(PEOPLE).encode())
    assert status == 0
    assert out.decode() == table(sent)
    assert sent[0]["email"] == sent[1]["email"]
    assert sent[0]["phone"][-4:] == sent[1]["phone"][-4:]
    assert "bob" not in out.decode().lower()


def test_rules_hold_for_a_table_as_for_a_body(command: Command, tmp_path: Path) -> None:
    config = tmp_path / "shadowtap.toml"
    rules = [
        ("body.user.email", 'action = "keep"'),
        ("body.nick", 'as = "PERSON"'),
        ("body.n", 'action = "drop"'),
    ]
    config.write_text("".join(f'[[redact]]\npath = "{path}"\n{action}\n' for path, action in rules))
    row = {"user": {"email": "bob@x.io"}, "nick": "Bob", "n": "7", "email": "eve@x.io"}
    text = "user.email,nick,n,email\nbob@x.io,Bob,7,eve@x.io\n"
    arguments = ["--config", str(config)]
    sent = json.loads(command("pseudonymize", "--jsonl", *arguments, stdin=json.dumps(row).encode()).out)
    out = command("pseudonymize", "--csv", "--auto", *arguments, stdin=text.encode()).out.decode()
    fields = out.splitlines()[1].split(",")
    assert fields == [sent["user"]["email"], sent["nick"], sent["n"], sent["email"]]
    assert fields[0] == "bob@x.io"


def test_json_lines_get_what_bodies_get(command: Command, redactor_of_commands: Redactor) -> None:
    lines = [json.dumps(row) for row in PEOPLE]
    status, out, _ = command("pseudonymize", "--jsonl", stdin="\n\n".join(lines).encode())
    assert status == 0
    assert out.decode() == "\n\n".join(redact_json(redactor_of_commands, line, "/") for line in lines)


def test_only_the_named_places_of_json_lines_can_be_redacted(
    command: Command, redactor_of_commands: Redactor
) -> None:
    line = '{"user": [{"phone": 2125550187, "mail" :"bob@x.io", "n": 1.10}], "mail": "eve@x.io", "ip": null}'
    columns = ("user.phone=PHONE_NUMBER", "user.mail=EMAIL_ADDRESS", "ip=IP_ADDRESS", "user.n=PERSON")
    arguments = [x for column in columns for x in ("--column", column)]
    status, out, err = command("pseudonymize", "--jsonl", *arguments, stdin=line.encode())
    whole = redact_json(redactor_of_commands, line, "/")
    assert status == 0
    assert out.decode().partition('"mail": ')[0] == whole.partition('"mail": ')[0]
    assert out.decode().endswith(', "n": 1.10}], "mail": "eve@x.io", "ip": null}')
    assert (
        err == "shadowtap: ip: no values\nshadowtap: user.n: 1 of 1 values stayed as they were: no PERSON\n"
    )


def test_a_list_is_of_one_kind_and_blank_lines_stay(command: Command) -> None:
    status, out, err = command("pseudonymize", "--as", "EMAIL_ADDRESS", stdin=b"bob@x.io\r\n\nnone\nBOB@x.io")
    first, blank, none, last = out.split(b"\n")
    assert status == 0
    assert first.removesuffix(b"\r") == last
    assert (blank, none) == (b"", b"none")
    assert err == "shadowtap: 1 of 3 values stayed as they were: no EMAIL_ADDRESS\n"


@pytest.mark.parametrize(
    ("entity", "value"),
    [("US_PASSPORT", "912803456"), ("MAC_ADDRESS", "00:1a:2b:3c:4d:5e"), ("CN_RESIDENT_ID", "no id 7")],
)
def test_what_only_recognisers_find_can_be_asked_for(command: Command, entity: str, value: str) -> None:
    status, out, _ = command("pseudonymize", "--as", entity, stdin=value.encode())
    assert status == 0
    assert out.decode() != value
    assert len(out) == len(value)


def test_the_dialect_and_all_other_bytes_stay(command: Command) -> None:
    text = '\ufeffid;"mail";x\r\n1;bob@x.io;" a;""b"""\r\n\r\n2;"";\r\n3;"bob@x.io";"multi\nline"'
    status, out, _ = command("pseudonymize", "--csv", "--column", "mail=EMAIL_ADDRESS", stdin=text.encode())
    assert status == 0
    fresh = out.decode()
    surrogate = fresh.split("\r\n")[1].split(";")[1]
    assert fresh == text.replace("bob@x.io", surrogate)


def test_another_encoding_and_delimiter_can_be_given(command: Command) -> None:
    text = "name:n\nZoë:1\n".encode("latin-1")
    arguments = ["--csv", "--delimiter", ":", "--column", "name=PERSON"]
    assert command("pseudonymize", *arguments, stdin=text).status == 2
    status, out, _ = command("pseudonymize", *arguments, "--encoding", "latin-1", stdin=text)
    assert status == 0
    assert out.decode("latin-1").endswith(":1\n")
    assert "Zoë" not in out.decode("latin-1")


def test_random_surrogates_are_refused(command: Command) -> None:
    status, out, err = command("pseudonymize", "--as", "EMAIL_ADDRESS", stdin=b"bob@x.io", key=None)
    assert (status, out) == (2, b"")
    assert "set SHADOWTAP_REDACT_KEY" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "EMAIL"], "EMAIL is no entity; there are BANK_ACCOUNT, "),
        (["--csv", "--column", "a=NOBODY"], "NOBODY is no entity"),
        (["--csv", "--column", "z=PERSON"], "no column z; there are a, b"),
        (["--csv", "--column", "PERSON"], "NAME=ENTITY"),
        (["--csv"], "--column NAME=ENTITY or --auto"),
        (["--jsonl", "--auto"], "go with --csv"),
        (["--as", "PERSON", "--column", "a=PERSON"], "goes with --csv and --jsonl"),
        (["--csv", "--auto", "--delimiter", "::"], "--delimiter is one character"),
        (["--csv", "--auto", "--encoding", "klingon"], "--encoding is not known"),
    ],
)
def test_options_that_make_no_sense_are_refused(command: Command, arguments: list[str], said: str) -> None:
    status, out, err = command("pseudonymize", *arguments, stdin=b"a,b\n1,2\n")
    assert (status, out) == (2, b"")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "text", "status", "said"),
    [
        (["--csv", "--auto"], b"a,b\n1,2\nbob@x.io\n", 2, "line 3: 1 fields, and the header has 2"),
        (["--jsonl"], b'{}\n{"a": bob@x.io}\n', NOT_SENT, "line 2: body: not valid JSON"),
    ],
)
def test_what_cannot_be_read_ends_it_with_the_line_and_no_value(
    command: Command, tmp_path: Path, arguments: list[str], text: bytes, status: int, said: str
) -> None:
    out = tmp_path / "out"
    result = command("pseudonymize", *arguments, "--output", str(out), stdin=text)
    assert result.status == status
    assert said in result.err
    assert "bob" not in result.err
    assert not list(tmp_path.iterdir())


def test_the_output_appears_when_it_is_whole_and_its_owner_alone_can_read_it(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nbob@x.io\n")
    assert command("pseudonymize", "--csv", "--auto", str(file), "--output", str(file)).status == 0
    assert file.read_text().startswith("email\n")
    assert "bob" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory of a process from /proc")
def test_a_long_list_is_not_held_in_memory() -> None:
    code = (
        "import re, sys; from pathlib import Path; from shadowtap import cli\n"
        "status = cli.main(sys.argv[1:]); known = Path('/proc/self/status').read_text()\n"
        "print(re.search('VmHWM:[^0-9]*([0-9]+)', known)[1], file=sys.stderr); sys.exit(status)"
    )
    sizes = []
    for rows in (1, 300_000):
        command = [sys.executable, "-c", code, "pseudonymize", "--as", "EMAIL_ADDRESS"]
        text = (
            b"a value of one hundred characters that is nobody's address and so takes little time; " * 2
            + b"\n"
        )
        done = subprocess.run(
            command,
            input=text * rows,
            env=os.environ | {"SHADOWTAP_REDACT_KEY": KEY},
            capture_output=True,
            check=True,
        )
        sizes.append(int(done.stderr.split()[-1]))
    assert sizes[1] - sizes[0] < 20_000


def test_progress_is_shown_to_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet, watched = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    assert list(progress.watched("abc", "rows")) == ["a", "b", "c"]
    assert not quiet.getvalue()
    monkeypatch.setattr(watched, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", watched)
    monkeypatch.setattr(progress, "_INTERVAL", 0.0)
    assert list(progress.watched("abc", "rows")) == ["a", "b", "c"]
    assert "\r3 rows, " in watched.getvalue()


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("a value\n" * 200_000)
    command = [sys.executable, "-m", "shadowtap", "pseudonymize", "--as", "EMAIL_ADDRESS", str(file)]
    environment = os.environ | {"SHADOWTAP_REDACT_KEY": KEY}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is simulated by /dev/full")
def test_a_full_disk_is_an_error_and_no_traceback() -> None:
    command = [sys.executable, "-m", "shadowtap", "pseudonymize", "--as", "EMAIL_ADDRESS"]
    environment = os.environ | {"SHADOWTAP_REDACT_KEY": KEY}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, input=b"x\n", env=environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr
