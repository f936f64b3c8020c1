from __future__ import annotations

import re
from pathlib import Path

import pytest

from shadowtap.settings import RedactRule, Rule, Settings, Target, load
from shadowtap.settings.fields import FIELD_OF, PARSERS, VARIABLES
from shadowtap.settings.redact_rules import REDACT_KEYS
from shadowtap.settings.rules import RULE_KEYS
from shadowtap.settings.targets import TARGET_KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
ROWS = dict(re.findall(r"^\| `(SHADOWTAP_[A-Z0-9_]+)` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
SERVICE_LINKS = {"SHADOWTAP_SERVICE_HOST", "SHADOWTAP_PORT_80_TCP"}


def test_every_variable_has_a_row() -> None:
    assert set(ROWS) == VARIABLES


def test_every_variable_on_the_page_exists() -> None:
    assert set(re.findall(r"SHADOWTAP_[A-Z0-9_]+", PAGE)) - SERVICE_LINKS == VARIABLES


def test_every_field_of_the_model_can_be_set() -> None:
    assert {FIELD_OF.get(word, word) for word in PARSERS} == set(Settings.__struct_fields__)


def test_every_field_but_those_of_rules_has_a_variable() -> None:
    fields = {FIELD_OF.get(name.removeprefix("SHADOWTAP_").lower(), "") for name in VARIABLES}
    fields |= {name.removeprefix("SHADOWTAP_").lower() for name in VARIABLES}
    assert set(Settings.__struct_fields__) - fields == {"rules", "redact"}


@pytest.mark.parametrize("key", [*TARGET_KEYS, *RULE_KEYS, *REDACT_KEYS])
def test_every_key_of_a_table_has_a_row(key: str) -> None:
    assert re.search(rf"^\| `{key}` \|", PAGE, re.MULTILINE)


def test_the_keys_of_tables_are_the_fields_of_the_model() -> None:
    assert set(TARGET_KEYS) == set(Target.__struct_fields__)
    assert {"when" if key == "headers" else key for key in RULE_KEYS} == set(Rule.__struct_fields__)
    assert {"entity" if key == "as" else key for key in REDACT_KEYS} == set(RedactRule.__struct_fields__)


@pytest.mark.parametrize("variable", [name for name, default in ROWS.items() if default.startswith("`")])
def test_the_default_on_the_page_is_the_default(variable: str) -> None:
    default = ROWS[variable].strip("`")
    stated = load(environ={variable: default})
    assert stated == load(environ={"SHADOWTAP_ROLE": "primary"} if variable == "SHADOWTAP_ROLE" else {})


def test_the_example_on_the_page_is_legal(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("k" * 32)
    example = next(
        block for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[[rules]]" in block
    )
    config = tmp_path / "shadowtap.toml"
    config.write_text(example.replace("/run/secrets/shadowtap_key", str(key)))
    settings = load(environ={}, config=config)
    assert [target.name for target in settings.targets] == ["v2", "v3"]
    assert [rule.mirror for rule in settings.rules] == [False, True]
    assert [rule.action for rule in settings.redact] == ["as", "keep"]
