"""Whatever comes from outside: settings or a ``SettingsError``, and no secret in either."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowtap.exceptions import SettingsError
from shadowtap.settings import Rule, Settings, Target, load
from shadowtap.settings.fields import PARSERS, VARIABLES
from shadowtap.settings.files import parse_toml
from shadowtap.settings.place import Place
from shadowtap.settings.rules import RULE_KEYS
from shadowtap.settings.sources import from_file
from shadowtap.settings.targets import TARGET_KEYS

WORDS = sorted(set(PARSERS) - {"config", "key_file", "redact_key_file"})
TABLES = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)

numbers = st.one_of(st.integers(), st.floats(), st.booleans())
hints = st.sampled_from(
    [
        "http://a",
        "http://[::1]:8/x",
        "10",
        "10%",
        "nan",
        "2h",
        "64KiB",
        "header:X",
        "unix:///s",
        "GET,POST",
        "/a/**",
    ]
)
texts = st.one_of(st.text(max_size=40), hints, st.builds("{}{}".format, hints, st.text(max_size=5)))
leaves = st.one_of(st.none(), numbers, texts, st.binary(max_size=20), st.datetimes(), st.dates(), st.times())
tables = st.dictionaries(st.sampled_from([*TARGET_KEYS, *RULE_KEYS, "X-A"]) | texts, leaves, max_size=5)
values = st.recursive(
    leaves | tables,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_"
secrets = st.text(alphabet, min_size=20, max_size=48).map("k{}".format)  # never a number by accident


def attempt(what: Callable[[], object]) -> object:
    """Return what ``what`` returns, or the message of its ``SettingsError``."""
    try:
        return what()
    except SettingsError as error:
        return str(error)


def check(**sources: Any) -> None:
    found = attempt(lambda: load(**sources))
    if isinstance(found, Settings):
        is_legal(found)
    else:
        assert isinstance(found, str)
        assert found


def is_legal(found: Settings) -> None:
    """Hold what the model promises, whichever way the values came."""
    assert msgspec.json.encode((found.percent, found.max_body, found.timeout, found.methods, found.include))
    assert 0 <= found.percent <= 100
    assert all(
        share is None or 0 <= share <= 100 for share in (x.percent for x in (*found.targets, *found.rules))
    )
    assert all(target.url.startswith(("http://", "https://")) for target in found.targets)
    lines = [text for part in (*found.targets, *found.rules) for pair in pairs(part) for text in pair]
    assert not any(char in line for line in lines for char in "\r\n\0")


def pairs(part: Target | Rule) -> tuple[tuple[str, str], ...]:
    return part.headers if isinstance(part, Target) else part.set_headers


@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)), texts, max_size=6))
def test_variables_give_settings_or_a_settings_error(environ: dict[str, str]) -> None:
    check(environ=environ)


@given(st.text(max_size=30), texts)
def test_any_name_of_a_variable_is_known_or_refused(name: str, value: str) -> None:
    check(environ={f"SHADOWTAP_{name}": value})


@TABLES
@given(st.dictionaries(st.sampled_from(WORDS), values, max_size=4))
def test_arguments_of_any_type_give_settings_or_a_settings_error(arguments: dict[str, Any]) -> None:
    check(environ={}, **arguments)


@TABLES
@given(st.one_of(leaves, st.dictionaries(leaves | st.sampled_from(WORDS), values, max_size=4)))
def test_framework_settings_of_any_type_give_settings_or_a_settings_error(framework: Any) -> None:
    check(environ={}, framework=framework)


@TABLES
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(TARGET_KEYS, values)), max_size=2))
def test_tables_of_targets_give_settings_or_a_settings_error(targets: list[Any]) -> None:
    check(environ={}, targets=targets)


@TABLES
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(RULE_KEYS, values)), max_size=2))
def test_tables_of_rules_give_settings_or_a_settings_error(rules: list[Any]) -> None:
    check(environ={}, target="http://a", rules=rules)


globs = st.lists(st.sampled_from(["body", "*", "**", "a", "a*"]), min_size=1, max_size=5).map(".".join)


@TABLES
@given(st.lists(st.fixed_dictionaries({"path": globs | values}, optional={"action": values, "as": values})))
def test_tables_of_redaction_give_settings_or_a_settings_error(rules: list[Any]) -> None:
    check(environ={}, redact=rules)


lines = st.one_of(
    texts,
    st.builds("{} = {}".format, st.sampled_from(WORDS), texts),
    st.builds("{} = {!r}".format, st.sampled_from(WORDS), texts | numbers),
    st.sampled_from(
        [
            "[[rules]]",
            "[[redact]]",
            "[[targets]]",
            'action = "keep"',
            'as = "PERSON"',
            "[rules]",
            'path = "/a"',
            'url = "http://a"',
            'headers = { A = "b" }',
        ]
    ),
)


def read(content: bytes) -> None:
    found = attempt(lambda: [each.parse() for each in from_file(content, "s.toml", Place("config")).values()])
    assert isinstance(found, list) or "s.toml" in str(found)


@TABLES
@given(st.lists(lines, max_size=6).map("\n".join))
def test_the_text_of_a_file_gives_settings_or_a_settings_error(text: str) -> None:
    read(text.encode(errors="replace"))


@given(st.binary(max_size=60))
def test_the_bytes_of_a_file_give_settings_or_a_settings_error(content: bytes) -> None:
    read(content)


@given(st.text(max_size=60))
def test_what_is_not_toml_has_a_place_in_the_file(text: str) -> None:
    found = attempt(lambda: parse_toml(text.encode(errors="replace"), "s.toml", Place("config")))
    assert isinstance(found, dict) or "s.toml: line " in str(found)


BROKEN = "\n\nmethods = [GET"
LEAKS = [
    'key = "{0}"{1}',
    "key = {0}",
    'key = "{0}',
    'redact_key = "{0}"\npercent = 101',
    'percent = "{0}"',
    'role = "{0}"',
    'key_file = "{0}"',
    'target = "http://user:{0}@v2"',
    'target = "http://{0}@v2:99999"',
    'target = "http://v2?token={0}"',
    'target = "http://v2/#{0}"',
    'target = "user:{0}@v2"',
    'until = "{0}"',
    'sticky = "{0} "',
    'courier = "{0}"',
    'rules = "{0}"',
    'methods = ["{0} "," {0} {0}"]',
    '[[targets]]\nname = "v2 {0}"\nurl = "http://v2"',
    '[[targets]]\nurl = "http://v2"\nhost = "u:{0}@v2"',
    '[[targets]]\nurl = "http://v2"\nheaders = {{ Authorization = "Bearer {0}\\n" }}',
    '[[targets]]\nurl = "http://v2"\nheaders = {{ Authorization = "{0}", authorization = "{0}" }}',
    '[[targets]]\nurl = "http://v2"\nheaders = {{ Content-Length = "{0}" }}',
    '[[targets]]\nurl = "http://v2"\nheaders = "{0}"',
    '[[rules]]\nset_headers = {{ X-Token = "{0}\\u0000" }}',
    '[[rules]]\nset_headers = ["X-Token", "{0}"]',
    '[[rules]]\nheaders = {{ X-Token = "{0}", x-token = "{0}" }}',
    '[[rules]]\npath = "{0}"',
    '[[redact]]\npath = "{0}"\naction = "keep"',
    '[[redact]]\npath = "body"\naction = "{0}"',
    '[[redact]]\npath = "body"\nas = "{0}"',
]


@pytest.mark.parametrize("form", LEAKS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=secrets)
def test_no_error_shows_a_secret_wherever_it_was_written(form: str, secret: str, tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(form.format(secret, BROKEN))
    with pytest.raises(SettingsError) as caught:
        load(environ={"SHADOWTAP_CONFIG": str(config)})
    assert secret not in str(caught.value)
    assert secret not in repr(caught.value)
    shown = "".join(traceback.format_exception(caught.value))
    assert secret not in shown


@given(secret=secrets)
def test_no_repr_of_settings_shows_a_secret(secret: str) -> None:
    found = load(
        environ={"SHADOWTAP_KEY": secret},
        redact_key=secret,
        targets=[{"url": "http://v2", "headers": {"Authorization": secret}}],
        rules=[{"headers": {"X-Key": secret}, "set_headers": {"Authorization": secret}}],
    )
    assert secret not in repr(found)
    assert secret not in str(found)
