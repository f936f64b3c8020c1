"""Which source wins, and how a source names what it holds."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import Settings, load

Sources = dict[str, object]


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """All four sources, each with its own percent; taking one away leaves the next."""
    config = tmp_path / "shadowtap.toml"
    config.write_text("percent = 30\n")
    return {
        "environ": {"SHADOWTAP_CONFIG": str(config), "SHADOWTAP_PERCENT": "40"},
        "framework": {"percent": 20},
        "percent": 10,
    }


def percent(sources: Sources) -> float:
    return load(**sources).percent  # type: ignore[arg-type]


def test_an_argument_wins_over_everything(sources: Sources) -> None:
    assert percent(sources) == 10


def test_a_framework_setting_wins_over_the_file(sources: Sources) -> None:
    del sources["percent"]
    assert percent(sources) == 20


def test_the_file_wins_over_the_environment(sources: Sources) -> None:
    del sources["percent"], sources["framework"]
    assert percent(sources) == 30


def test_the_environment_wins_over_the_default() -> None:
    assert load(environ={"SHADOWTAP_PERCENT": "40"}).percent == 40


def test_nothing_set_gives_the_defaults() -> None:
    assert load(environ={}) == Settings()


def test_the_process_environment_is_read_when_load_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SHADOWTAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHADOWTAP_PERCENT", "7")
    assert load().percent == 7


def test_an_argument_that_is_none_is_absent() -> None:
    assert load(environ={"SHADOWTAP_PERCENT": "40"}, percent=None).percent == 40


def test_zero_is_not_absent() -> None:
    assert load(environ={"SHADOWTAP_PERCENT": "40"}, percent=0).percent == 0


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_is_absent(blank: str) -> None:
    assert load(environ={"SHADOWTAP_TARGET": blank, "SHADOWTAP_PERCENT": blank}) == Settings()


@pytest.mark.parametrize(
    "variable",
    ["SHADOWTAP_KEY", "SHADOWTAP_KEY_FILE", "SHADOWTAP_REDACT_KEY", "SHADOWTAP_REDACT_KEY_FILE"],
)
def test_a_blank_key_is_refused(variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(environ={variable: ""})


def test_targets_of_two_sources_are_not_merged(tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text('[[targets]]\nurl = "http://file:1"\n[[targets]]\nurl = "http://file:2"\n')
    settings = load(environ={"SHADOWTAP_TARGET": "http://env"}, config=config, target="http://argument:3")
    assert [target.name for target in settings.targets] == ["argument:3"]


@pytest.mark.parametrize(
    ("higher", "variables", "field", "expected"),
    [
        ({"until": 5}, {"SHADOWTAP_FOR": "2h"}, "until", 5),
        ({"targets": ["http://a:1"]}, {"SHADOWTAP_TARGET": "http://b"}, "targets", None),
    ],
)
def test_two_words_for_one_thing_in_different_sources_follow_precedence(
    higher: dict[str, object], variables: dict[str, str], field: str, expected: object
) -> None:
    value = getattr(load(environ=variables, framework=higher), field)
    assert value == expected if expected is not None else [target.name for target in value] == ["a:1"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("target", "targets"), ("for", "until"), ("key", "key_file"), ("redact_key", "redact_key_file")],
)
def test_two_words_for_one_thing_in_one_source_are_refused(first: str, second: str) -> None:
    with pytest.raises(SettingsError, match=rf"{second.upper()}.*SHADOWTAP_{first.upper()}"):
        load(environ={f"SHADOWTAP_{first.upper()}": "x", f"SHADOWTAP_{second.upper()}": "x"})
    with pytest.raises(SettingsError, match=rf"argument {second} and argument {first}"):
        load(environ={}, **{first: "x", second: "x"})


def test_for_and_for_with_underscore_are_the_same_argument() -> None:
    with pytest.raises(SettingsError, match="argument for and argument for"):
        load(environ={}, for_="2h", **{"for": "2h"})


def test_the_argument_names_the_file_before_the_variable_does(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("percent = 1")
    (tmp_path / "b.toml").write_text("percent = 2")
    settings = load(environ={"SHADOWTAP_CONFIG": str(tmp_path / "a.toml")}, config=tmp_path / "b.toml")
    assert (settings.percent, settings.config) == (2, str(tmp_path / "b.toml"))


def test_a_framework_setting_may_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("percent = 1")
    assert load(environ={}, framework={"config": str(tmp_path / "a.toml")}).percent == 1


def test_an_unknown_variable_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match=r"^SHADOWTAP_PERCNT .* did you mean SHADOWTAP_PERCENT\?$"):
        load(environ={"SHADOWTAP_PERCNT": "10"})


def test_a_variable_in_lower_case_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match="did you mean SHADOWTAP_PERCENT"):
        load(environ={"SHADOWTAP_percent": "10"})


def test_a_variable_near_to_nothing_gets_no_suggestion() -> None:
    with pytest.raises(SettingsError, match=r"^SHADOWTAP_XYZZY is not a setting; docs/settings\.md"):
        load(environ={"SHADOWTAP_XYZZY": "10"})


def test_an_unknown_argument_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match=r"argument targt .* did you mean target\?"):
        load(environ={}, targt="http://a")


def test_an_unknown_framework_setting_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match=r"PERCENT in the setting SHADOWTAP .* did you mean percent\?"):
        load(environ={}, framework={"PERCENT": 10})


def test_a_framework_setting_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"the setting SHADOWTAP .* a mapping"):
        load(environ={}, framework="percent=10")  # type: ignore[arg-type]


def test_a_framework_key_that_is_no_text_is_refused() -> None:
    with pytest.raises(SettingsError, match="setting SHADOWTAP"):
        load(environ={}, framework={1: 2})  # type: ignore[dict-item]


def test_rules_in_a_variable_point_to_the_file() -> None:
    with pytest.raises(SettingsError, match=r"SHADOWTAP_RULES .* SHADOWTAP_CONFIG"):
        load(environ={"SHADOWTAP_RULES": "[]"})


@pytest.mark.parametrize(
    "link",
    [
        "SHADOWTAP_SERVICE_HOST",
        "SHADOWTAP_SERVICE_PORT",
        "SHADOWTAP_SERVICE_PORT_HTTP",
        "SHADOWTAP_PORT",
        "SHADOWTAP_PORT_80_TCP",
        "SHADOWTAP_PORT_80_TCP_ADDR",
        "SHADOWTAP_COURIER_SERVICE_HOST",
        "SHADOWTAP_COURIER_PORT",
        "SHADOWTAP_COURIER_PORT_9000_TCP_PROTO",
    ],
)
def test_variables_that_kubernetes_makes_for_a_service_are_left_alone(link: str) -> None:
    assert load(environ={link: "tcp://10.0.0.1:80"}) == Settings()


def test_variables_of_others_are_left_alone() -> None:
    assert load(environ={"PATH": "/bin", "SHADOWTAPE": "1", "XSHADOWTAP_PERCENT": "x"}) == Settings()


def test_a_value_that_loses_is_not_judged() -> None:
    assert load(environ={"SHADOWTAP_PERCENT": "lots"}, percent=10).percent == 10


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"environ": {"SHADOWTAP_PERCENT": "101"}}, "SHADOWTAP_PERCENT is '101'"),
        ({"environ": {}, "percent": math.nan}, "argument percent is nan"),
        ({"environ": {}, "framework": {"percent": True}}, "percent in the setting SHADOWTAP is True"),
    ],
)
def test_an_error_says_where_the_value_was_found(value: Sources, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**value)  # type: ignore[arg-type]
    assert str(caught.value) == f"{place}; it must be a number from 0 to 100"
