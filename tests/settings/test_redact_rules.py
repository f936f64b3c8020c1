"""Rules of redaction: which tables are legal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.redact import entities
from shadowtap.settings import RedactRule, load
from shadowtap.settings.redact_rules import ENTITIES, keeps_everything

KEEP = RedactRule(path="body.note", action="keep")


def refused(**rule: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ={}, redact=[KEEP, rule])
    return str(caught.value)


def test_a_file_holds_rules_in_their_order(tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(
        """
        redact_strict = true
        [[redact]]
        path = "body.note"
        action = "keep"
        [[redact]]
        path = "**.nick*"
        as = "username"
        """
    )
    settings = load(environ={}, config=config)
    assert settings.redact == (KEEP, RedactRule(path="**.nick*", action="as", entity="USERNAME"))
    assert settings.redact_strict


@pytest.mark.parametrize("action", ["keep", "keep!", "drop", "scrub"])
def test_an_action_is_one_of_a_few_words(action: str) -> None:
    found = load(environ={}, redact=[{"path": "query.q", "action": action.upper()}]).redact
    assert found == (RedactRule(path="query.q", action=action),)  # type: ignore[arg-type]


def test_arguments_and_framework_settings_take_tables_and_rules() -> None:
    rules = [KEEP, RedactRule(path="**", action="as", entity="PERSON"), {"path": "query.q", "action": "drop"}]
    assert load(environ={}, redact=rules).redact == load(environ={}, framework={"redact": rules}).redact


def test_one_rule_may_stand_alone() -> None:
    assert load(environ={}, redact=KEEP).redact == (KEEP,)


@pytest.mark.parametrize(
    "path", ["body", "**", "*.**", "body.items.*.sku", "headers.x-a", "body.über.**.a*b"]
)
def test_a_path_is_a_glob_over_places(path: str) -> None:
    assert load(environ={}, redact=[{"path": path, "action": "drop"}]).redact[0].path == path


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"path": "", "action": "keep"}, "path is ''; it must be a place such as body.customer.zip"),
        ({"path": 1, "action": "keep"}, "path is 1; it must be a place"),
        ({"path": "body.a\n", "action": "keep", "as": 1}, "as is 1; it must be one of: BANK_ACCOUNT"),
        (
            {"path": "customer.zip", "action": "keep"},
            "the first name is one of: path, query, headers, cookies",
        ),
        (
            {"path": "body.items[0]", "action": "keep"},
            "a position in a list is no name: write body.items.sku",
        ),
        ({"path": "body.a**", "action": "keep"}, "has ** beside other characters"),
        ({"path": "body." + "a" * 500, "action": "keep"}, "a text of 505 characters"),
        ({"action": "keep"}, "path is missing"),
        ({"path": "body.a"}, "action is missing; write keep, keep!, drop, scrub or ner, or as ="),
        (
            {"path": "body.a", "action": "hide"},
            "action is 'hide'; it must be one of: keep, keep!, drop, scrub, ner",
        ),
        ({"path": "body.a", "action": "as"}, "action is 'as'; it must be one of"),
        ({"path": "body.a", "as": "EMAIL"}, "as is 'EMAIL'; it must be one of: BANK_ACCOUNT"),
        ({"path": "body.a", "as": "PERSON", "action": "keep"}, "as stands beside action"),
        ({"path": "body.a", "entity": "PERSON"}, "entity is not a setting"),
        ({"path": "body.a", "acton": "keep"}, "acton is not a setting; did you mean action?"),
        ({"path": "body.a", "action": "ner"}, "action is ner, which needs redact_model"),
    ],
)
def test_a_rule_that_is_not_legal_is_refused_by_number_and_key(rule: dict[str, Any], problem: str) -> None:
    message = refused(**rule)
    assert message.startswith("redact rule 2 in argument redact: ")
    assert problem in message


@pytest.mark.parametrize("value", ["[]", {"path": "body"}, 1, True, [1], ["body"], [[]]])
def test_what_is_no_list_of_rules_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match="argument redact"):
        load(environ={}, redact=value)


@pytest.mark.parametrize(
    "rule", [RedactRule(path="body", action="as"), RedactRule(path="body", action="keep", entity="PERSON")]
)
def test_a_rule_made_in_code_is_checked_like_a_table(rule: RedactRule) -> None:
    with pytest.raises(SettingsError, match="redact rule 1 in argument redact: "):
        load(environ={}, redact=[rule])


def test_a_variable_cannot_hold_rules() -> None:
    with pytest.raises(SettingsError, match=r"SHADOWTAP_REDACT cannot be a variable; write \[\[redact\]\]"):
        load(environ={"SHADOWTAP_REDACT": "[]"})


def test_free_text_is_scrubbed_unless_a_model_reads_it() -> None:
    assert load(environ={}).redact_free_text == "scrub"
    with pytest.raises(SettingsError, match="SHADOWTAP_REDACT_FREE_TEXT is ner, which needs redact_model"):
        load(environ={"SHADOWTAP_REDACT_FREE_TEXT": "ner"})


def test_free_text_cannot_be_kept_by_a_word() -> None:
    with pytest.raises(SettingsError, match="is 'keep'; it must be one of: scrub, ner"):
        load(environ={"SHADOWTAP_REDACT_FREE_TEXT": "keep"})


def test_a_value_can_be_replaced_as_everything_that_is_found_by_itself() -> None:
    found = {value for name, value in vars(entities).items() if name.isupper()}
    assert set(ENTITIES) == found - {entities.TEXT, entities.BARE_NAME}


@pytest.mark.parametrize("path", ["**", "*.**", "body.**", "**.*", "body.**.*"])
def test_a_rule_that_keeps_a_whole_part_is_told_from_others(path: str) -> None:
    assert keeps_everything(RedactRule(path=path, action="keep"))
    assert keeps_everything(RedactRule(path=path, action="keep!"))
    assert not keeps_everything(RedactRule(path=path, action="drop"))


@pytest.mark.parametrize("path", ["body", "body.*", "body.note.**", "**.note", "headers.x-a"])
def test_a_rule_for_some_places_keeps_not_everything(path: str) -> None:
    assert not keeps_everything(RedactRule(path=path, action="keep"))
