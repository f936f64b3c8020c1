"""Files: TOML with its line numbers, and keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import Secret, load
from shadowtap.settings.place import SHOWN
from shadowtap.signature import MIN_KEY_BYTES

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def refused(content: str | bytes, path: Path) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as caught:
        load(environ={"SHADOWTAP_CONFIG": str(path)})
    return str(caught.value)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "shadowtap.toml"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("percent = 10\nmethods = [GET]\n", "line 2, column 12"),
        ("percent = 10 20\n", "line 1, column 14"),
        ("percent = 10\n\nkey = 'abc", "line 3, column 11"),
        ("methods = [1,\n2,\n", "line 2, column 3"),
        ("percent = 1\npercent = 2\n", "line 2"),
        ("percent = \n", "line 1, column 11"),
        (b"percent = 10\nkey = '\xff'\n", "line 2: not UTF-8"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("percent = " + "9" * 5000, "out of range"),
    ],
)
def test_what_is_not_toml_is_refused_with_file_and_line(
    config: Path, content: str | bytes, where: str
) -> None:
    message = refused(content, config)
    assert message.startswith(f"SHADOWTAP_CONFIG names {config}: ")
    assert where in message


def test_an_unknown_key_gets_a_suggestion(config: Path) -> None:
    assert refused("persent = 10", config) == f"persent in {config} is not a setting; did you mean percent?"


def test_an_unknown_table_is_refused(config: Path) -> None:
    assert "rule in" in refused("[[rule]]\npath = '/a'\n", config)


def test_the_file_cannot_name_another(config: Path) -> None:
    assert "cannot stand in the file itself" in refused("config = 'other.toml'", config)


def test_a_wrong_value_is_named_with_the_file(config: Path) -> None:
    assert refused("percent = 101", config).startswith(f"percent in {config} is 101; it must be")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "true", "'10%'", "2030-01-01", "[1]", "{}"])
def test_a_percent_of_another_type_is_refused(config: Path, value: str) -> None:
    assert "a number from 0 to 100" in refused(f"percent = {value}", config)


def test_toml_types_and_texts_are_taken(config: Path) -> None:
    config.write_text(
        "enabled = false\nuntil = 2030-01-31T18:00:00Z\nmax_body = '2MiB'\nmethods = ['get']\ntimeout = 0.5\n"
        "redact_timeout = '300ms'\ntarget = 'http://a:1,http://b:2'\ncourier = 'unix:///run/s.sock'\n"
    )
    settings = load(environ={}, config=config)
    assert (settings.enabled, settings.until, settings.max_body) == (False, 1896112800.0, 2 * 2**20)
    assert (settings.methods, settings.timeout, settings.redact_timeout) == (("GET",), 0.5, 0.3)
    assert ([target.name for target in settings.targets], settings.courier) == (
        ["a:1", "b:2"],
        "unix:///run/s.sock",
    )


@pytest.mark.parametrize("value", ["2030-01-31T18:00:00", "2030-01-31", "18:00:00"])
def test_a_time_without_zone_is_refused(config: Path, value: str) -> None:
    assert "a time and its zone" in refused(f"until = {value}", config)


def test_an_empty_file_is_legal_at_the_start(config: Path) -> None:
    config.touch()
    assert load(environ={}, config=config).percent == 100


def test_a_file_that_is_not_there_is_named(config: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={}, config=str(config))
    assert (
        str(caught.value)
        == f"argument config names {config}, which cannot be read: No such file or directory"
    )


def test_a_directory_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a regular file"):
        load(environ={}, config=tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="not a regular file"):
        load(environ={}, config=tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_named(config: Path) -> None:
    config.touch(mode=0)
    with pytest.raises(SettingsError, match=r"shadowtap\.toml, which cannot be read: Permission denied"):
        load(environ={}, config=config)


def test_a_file_of_more_than_a_mebibyte_is_refused(config: Path) -> None:
    assert "more than 1048576 bytes" in refused(b"#" * (2**20 + 1), config)


@pytest.mark.parametrize("value", [KEY, f" {KEY}\n", KEY.encode(), Secret(KEY.encode())])
def test_a_key_is_text_bytes_or_a_secret_without_white_space_around_it(value: object) -> None:
    assert load(environ={}, key=value).key == Secret(KEY.encode())


def test_a_key_in_a_variable_may_be_any_bytes() -> None:
    raw = b"\xff\xfe" * 10
    assert load(environ={"SHADOWTAP_KEY": raw.decode(errors="surrogateescape")}).key == Secret(raw)


@pytest.mark.parametrize("word", ["key", "redact_key"])
def test_a_file_of_a_key_is_read_and_stripped(tmp_path: Path, word: str) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    for settings in (
        load(environ={f"SHADOWTAP_{word.upper()}_FILE": str(path)}),
        load(environ={}, **{f"{word}_file": path}),
    ):
        assert getattr(settings, word) == Secret(KEY.encode())


def test_a_key_needs_as_many_bytes_as_the_signature_asks_for() -> None:
    assert load(environ={}, key="k" * MIN_KEY_BYTES).key is not None
    with pytest.raises(SettingsError) as caught:
        load(environ={"SHADOWTAP_KEY": "short-key-abcde"})
    assert str(caught.value) == (
        "SHADOWTAP_KEY holds 15 bytes; a key has 16 or more: make one with `openssl rand -hex 32`"
    )


def test_a_short_key_in_a_file_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("short-key\n")
    with pytest.raises(SettingsError, match=rf"SHADOWTAP_KEY_FILE: {path} holds 9 bytes") as caught:
        load(environ={"SHADOWTAP_KEY_FILE": str(path)})
    assert "short-key" not in str(caught.value)


def test_a_file_of_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=rf"SHADOWTAP_KEY_FILE names {tmp_path}/none, which cannot be read"
    ):
        load(environ={"SHADOWTAP_KEY_FILE": str(tmp_path / "none")})


def test_a_key_where_its_file_is_asked_for_is_not_shown() -> None:
    with pytest.raises(
        SettingsError, match="SHADOWTAP_KEY_FILE names a relative path of 32 characters"
    ) as caught:
        load(environ={"SHADOWTAP_KEY_FILE": KEY})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("value", [5, True, [KEY], "\ud800" * 20])
def test_what_cannot_be_a_key_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match="openssl rand -hex 32"):
        load(environ={}, key=value)


def test_no_text_as_long_as_a_key_is_ever_shown() -> None:
    assert SHOWN <= MIN_KEY_BYTES
