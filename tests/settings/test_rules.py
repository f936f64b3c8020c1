"""Rules: which tables are legal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import Rule, load

FULL = Rule(
    path="/search/**",
    methods=("GET", "HEAD"),
    when=(("x-plan", "beta*"),),
    percent=5.0,
    targets=("v2",),
    set_headers=(("X-Team", "search"),),
    keep_headers=("x-api-key",),
)


def refused(**rule: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ={}, target={"name": "v2", "url": "http://v2"}, rules=[{}, rule])
    return str(caught.value)


def test_a_file_holds_rules_in_their_order(tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(
        """
        targets = [{ name = "v2", url = "http://v2" }]
        [[rules]]
        path = "/health"
        mirror = false
        [[rules]]
        path = "/search/**"
        methods = ["get", "HEAD"]
        headers = { X-Plan = "beta*" }
        percent = 5
        targets = ["v2"]
        set_headers = { X-Team = "search" }
        keep_headers = ["X-Api-Key"]
        """
    )
    assert load(environ={}, config=config).rules == (Rule(path="/health", mirror=False), FULL)


def test_arguments_take_tables_and_rules() -> None:
    table = {"path": "/a", "headers": [("X-A", "1")], "percent": None}
    settings = load(environ={}, target={"name": "v2", "url": "http://v2"}, rules=[FULL, table])
    assert settings.rules == (FULL, Rule(path="/a", when=(("x-a", "1"),)))


def test_a_rule_without_conditions_is_legal() -> None:
    assert load(environ={}, rules=[{}]).rules == (Rule(),)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"path": "api"}, "path is 'api'; it must be a path that starts with / or *"),
        ({"path": 1}, "starts with / or *"),
        ({"methods": ["G T"]}, "a method such as GET"),
        ({"headers": {"a b": "*"}}, "the name of a header"),
        ({"headers": {"X-A": ""}}, "gives X-A no glob"),
        ({"headers": {"X-A": 1}}, "gives X-A no glob"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "names x-a twice"),
        ({"headers": "X-A"}, "a table of names and values"),
        ({"mirror": "maybe"}, "true or false"),
        ({"percent": -1}, "percent is -1; it must be a number from 0 to 100"),
        ({"targets": ["v3"]}, "targets names v3, which is no target; targets are v2"),
        ({"targets": []}, "is empty"),
        ({"targets": ["a b"]}, "a name of"),
        ({"set_headers": {"X-A": "a\nb"}}, "printable ASCII"),
        ({"set_headers": {"Connection": "close"}}, "which shadowtap itself writes"),
        ({"keep_headers": ["X A"]}, "the name of a header"),
        ({"keep_headers": ["Transfer-Encoding"]}, "which shadowtap itself writes"),
        ({"keep_headers": ["x-shadow-id"]}, "which shadowtap itself writes"),
        ({"when": {"X-A": "1"}}, "when is not a setting"),
        ({"mirrr": False}, "mirrr is not a setting; did you mean mirror?"),
        ({"mirror": False, "percent": 0}, "percent has no effect beside mirror = false"),
        ({"mirror": False, "targets": ["v2"]}, "targets has no effect beside mirror = false"),
        ({"mirror": False, "set_headers": {"X-A": "1"}}, "set_headers has no effect"),
        ({"mirror": False, "keep_headers": ["Cookie"]}, "keep_headers has no effect"),
    ],
)
def test_a_rule_that_is_not_legal_is_refused_by_number_and_key(rule: dict[str, Any], problem: str) -> None:
    message = refused(**rule)
    assert message.startswith("rule 2 in argument rules")
    assert problem in message


@pytest.mark.parametrize("value", ["[]", {"path": "/"}, 1, True, [1], ["/a"], [[]]])
def test_what_is_no_list_of_rules_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match="argument rules"):
        load(environ={}, rules=value)


def test_one_rule_may_stand_alone() -> None:
    assert load(environ={}, rules=Rule(path="/a")).rules == (Rule(path="/a"),)


def test_a_rule_made_in_code_is_checked_like_a_table() -> None:
    with pytest.raises(SettingsError, match="rule 1 in argument rules: percent is 101"):
        load(environ={}, rules=[Rule(percent=101)])


def test_names_in_rules_are_held_against_the_targets_that_won(tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(
        'targets = [{ name = "v2", url = "http://v2" }]\nrules = [{ targets = ["v2"] }]\n',
    )
    assert load(environ={}, config=config).rules == (Rule(targets=("v2",)),)
    with pytest.raises(SettingsError, match=r"rule 1 in .*s\.toml: targets names v2.* targets are other:1"):
        load(environ={}, config=config, target="http://other:1")


def test_without_any_target_the_names_in_rules_are_idle() -> None:
    assert load(environ={}, rules=[{"targets": ["v2"]}]).targets == ()
