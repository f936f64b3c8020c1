"""Settings that follow their file. A test calls ``refresh`` where the background thread would."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import LiveSettings, Settings, live

LOGGER = "shadowtap.settings"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "shadowtap.toml"
    path.write_text("percent = 10\n")
    return path


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, LOGGER)
    return caplog


def follow(config: Path) -> LiveSettings:
    return live(environ={"SHADOWTAP_CONFIG": str(config)})


def levels(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.levelname for record in log.records if record.name == LOGGER]


def age(path: Path, seconds: float = 3600) -> None:
    """Make the file's stamps old enough to be trusted, whatever the file system's clock."""
    status = path.stat()
    os.utime(path, (status.st_atime - seconds, status.st_mtime - seconds))


def test_a_change_replaces_the_settings_at_the_next_refresh(config: Path) -> None:
    settings = follow(config)
    assert settings.current.percent == 10
    config.write_text("percent = 20\n")
    assert settings.refresh()
    assert settings.current.percent == 20


def test_changes_within_one_tick_of_the_clock_are_seen(config: Path) -> None:
    settings = follow(config)
    for percent in range(11, 60):
        status = config.stat()
        config.write_text(f"percent = {percent}\n")
        os.utime(config, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert settings.refresh()
        assert settings.current.percent == percent


def test_without_a_change_the_settings_keep_their_identity(
    config: Path, log: pytest.LogCaptureFixture
) -> None:
    settings = follow(config)
    before = settings.current
    assert not settings.refresh()
    config.touch()
    assert not settings.refresh()
    assert settings.current is before
    assert levels(log) == []


def test_an_edit_that_changes_no_value_keeps_their_identity(config: Path) -> None:
    settings = follow(config)
    before = settings.current
    config.write_text("# why\npercent = 10\n")
    assert not settings.refresh()
    assert settings.current is before


def test_an_old_file_is_read_once(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shadowtap.settings.following._COARSE", -1.0)
    settings = follow(config)
    monkeypatch.setattr("shadowtap.settings.files.File.read", lambda _: pytest.fail("it was read again"))
    assert not settings.refresh()


def test_an_old_file_that_is_replaced_is_read(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shadowtap.settings.following._COARSE", -1.0)
    settings = follow(config)
    new = config.with_suffix(".new")
    new.write_text("percent = 20\n")
    age(new)
    new.replace(config)
    assert settings.refresh()
    assert settings.current.percent == 20


def test_a_symbolic_link_that_is_swapped_is_followed(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.toml").write_text(f"percent = {name}\n")
    (tmp_path / "..data").symlink_to("1")
    (tmp_path / "s.toml").symlink_to("..data/s.toml")
    settings = follow(tmp_path / "s.toml")
    assert settings.current.percent == 1
    (tmp_path / "..tmp").symlink_to("2")
    (tmp_path / "..tmp").replace(tmp_path / "..data")
    assert settings.refresh()
    assert settings.current.percent == 2


def test_the_kill_switch_in_the_file_holds(config: Path) -> None:
    settings = follow(config)
    config.write_text("percent = 10\nenabled = false\n")
    assert settings.refresh()
    assert not settings.current.enabled


def test_a_bad_edit_keeps_the_last_good_and_says_so_once(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    config.write_text("percent = 20\nmethods = [GET]\n")
    for _ in range(3):
        assert not settings.refresh()
    assert settings.current.percent == 10
    assert levels(log) == ["WARNING"]
    assert f"{config}: line 2, column 12" in log.text


def test_each_bad_version_is_said(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    for version in (
        "percent = 101",
        "percent = 102",
        "percent = 'twelve thousand'",
        "percent = 'twelve millions'",
    ):
        config.write_text(version)
        settings.refresh()
        config.touch()
        settings.refresh()
    assert levels(log) == ["WARNING"] * 4


def test_the_recovery_from_a_bad_edit_is_said(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    config.write_text("percent = 101")
    settings.refresh()
    config.write_text("percent = 30")
    assert settings.refresh()
    assert settings.current.percent == 30
    assert levels(log) == ["WARNING", "INFO"]


def test_going_back_to_the_last_good_version_is_a_recovery(
    config: Path, log: pytest.LogCaptureFixture
) -> None:
    settings = follow(config)
    good = config.read_text()
    config.write_text("percent = 101")
    settings.refresh()
    config.write_text(good)
    assert not settings.refresh()
    assert not settings.refresh()
    assert levels(log) == ["WARNING", "INFO"]


def test_a_file_that_disappears_keeps_the_last_good(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    config.unlink()
    for _ in range(3):
        assert not settings.refresh()
    assert settings.current.percent == 10
    assert levels(log) == ["WARNING"]
    config.write_text("percent = 20")
    assert settings.refresh()
    assert levels(log) == ["WARNING", "INFO"]


def test_a_file_that_is_emptied_keeps_the_last_good(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    config.write_text("")
    assert not settings.refresh()
    assert settings.current.percent == 10
    assert levels(log) == ["WARNING"]


def test_a_key_that_comes_late_is_found_without_another_edit(config: Path, tmp_path: Path) -> None:
    settings = follow(config)
    key = tmp_path / "key"
    config.write_text(f"percent = 20\nkey_file = '{key}'\n")
    assert not settings.refresh()
    key.write_text("k" * 32)
    assert settings.refresh()
    assert settings.current.key is not None


def test_a_warning_shows_no_secret(config: Path, log: pytest.LogCaptureFixture) -> None:
    settings = follow(config)
    config.write_text('key = "0f1e2d3c4b5a69788796"\ntarget = "http://u:hunter2hunter2hunter2@v2"\n')
    settings.refresh()
    assert levels(log) == ["WARNING"]
    assert "0f1e2d" not in log.text
    assert "hunter2" not in log.text


def test_arguments_still_win_over_the_file_that_is_read_again(config: Path) -> None:
    settings = live(environ={}, config=config, percent=50)
    config.write_text("percent = 20\nmax_rate = 5\n")
    assert settings.refresh()
    assert (settings.current.percent, settings.current.max_rate) == (50, 5)


def test_variables_are_read_once(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"SHADOWTAP_CONFIG": str(config), "SHADOWTAP_MAX_RATE": "5"}
    settings = live(environ=environ)
    environ["SHADOWTAP_MAX_RATE"] = "wrong"
    config.write_text("percent = 20")
    assert settings.refresh()
    assert settings.current.max_rate == 5


def test_a_period_in_the_file_goes_on_when_it_is_read_again(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("shadowtap.settings.loading.time.time", lambda: now[0])
    config.write_text("for = '2h'")
    settings = follow(config)
    now[0] = 5000.0
    config.write_text("for = '2h'\npercent = 20\n")
    assert settings.refresh()
    assert settings.current.until == 1000 + 7200
    config.write_text("for = '3h'\n")
    assert settings.refresh()
    assert settings.current.until == 5000 + 10800


def test_a_bad_file_at_the_start_is_an_error(config: Path) -> None:
    config.write_text("percent = 101")
    with pytest.raises(SettingsError):
        follow(config)


def test_without_a_file_nothing_is_refreshed() -> None:
    settings = live(environ={}, percent=5)
    assert not settings.refresh()
    assert settings.current == Settings(percent=5.0)


def test_fixed_settings_can_stand_in_for_a_file() -> None:
    fixed = Settings(percent=5.0)
    settings = LiveSettings(lambda _: fixed)
    assert not settings.refresh()
    assert settings.current is fixed
