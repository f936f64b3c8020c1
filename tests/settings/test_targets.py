"""Targets: from one URL to tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import Target, load


def targets(value: object) -> tuple[Target, ...]:
    return load(environ={}, targets=value).targets


def refused(value: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ={}, targets=value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "kept", "name"),
    [
        ("http://v2", "http://v2", "v2:80"),
        ("https://v2", "https://v2", "v2:443"),
        ("http://v2:8000/", "http://v2:8000", "v2:8000"),
        ("HTTP://V2.Example:8000/Api/", "http://v2.example:8000/Api", "v2.example:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000/p", "http://[::1]:8000/p", "[::1]:8000"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]", "[2001:db8::1]:443"),
        ("http://shop_v2.svc.cluster.local./a/b%20c", "http://shop_v2.svc.cluster.local./a/b%20c", None),
        ("http://v2/@me/a:b", "http://v2/@me/a:b", None),
    ],
)
def test_a_url_is_taken_with_a_name_from_host_and_port(url: str, kept: str, name: str | None) -> None:
    (target,) = targets(url)
    assert target.url == kept
    assert name is None or target.name == name


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("v2:8000", "no scheme"),
        ("//v2", "no scheme"),
        ("ftp://v2", "not http or https"),
        ("unix:///run/a.sock", "not http or https"),
        ("http://user:secret@v2", "credentials"),
        ("http://user@v2", "credentials"),
        ("http://v2?token=secret", "a query"),
        ("http://v2/?", "a query"),
        ("http://v2/#top", "a fragment"),
        ("http://v2:", "a bad port"),
        ("http://v2:0", "a bad port"),
        ("http://v2:65536", "a bad port"),
        ("http://v2:http", "a bad port"),
        ("http://v2:-1", "a bad port"),
        ("http://v2:\uff18\uff10", "a bad port"),
        ("http://", "no host"),
        ("http:///path", "no host"),
        ("http://:8000", "no host"),
        ("http://-v2", "a host that is"),
        ("http://v2..example", "a host that is"),
        ("http://bücher.example", "a host that is"),
        ("http://a b", "a host that is"),
        ("http://a\\b", "a host that is"),
        ("http://a\r\nHost: b", "a"),
        ("http://" + "a." * 130 + "b", "a host that is"),
        ("http://" + "a" * 64, "a host that is"),
        ("http://[::1", "a"),
        ("http://[::g]", "a host that is"),
        ("http://[fe80::1%25eth0]", "a host that is"),
        ("http://::1", "a host that is"),
        ("http://v2/a b", "percent-encoded"),
        ("http://v2/%zz", "percent-encoded"),
        ("http://v2/ä", "percent-encoded"),
        ("http://v2/a/../b", "a path with . or .."),
    ],
)
def test_a_url_that_is_not_of_that_form_is_refused_without_being_shown(url: str, problem: str) -> None:
    message = refused(url)
    assert message.startswith("target 1 in argument targets: url has ")
    assert problem in message
    assert "secret" not in message
    assert len(url) < 8 or url not in message


def test_a_variable_holds_one_url_or_several() -> None:
    settings = load(environ={"SHADOWTAP_TARGET": "http://a:1, http://b:2,"})
    assert [target.name for target in settings.targets] == ["a:1", "b:2"]


def test_an_error_counts_the_targets_of_a_variable() -> None:
    with pytest.raises(SettingsError, match=r"^target 2 in SHADOWTAP_TARGET: url has no scheme"):
        load(environ={"SHADOWTAP_TARGET": "http://a:1,b:2"})


@pytest.mark.parametrize("word", ["target", "targets"])
@pytest.mark.parametrize(
    "value",
    [
        "http://a:1",
        ["http://a:1"],
        ("http://a:1",),
        Target(name="a:1", url="http://a:1"),
        [Target(name="a:1", url="http://a:1")],
        {"url": "http://a:1"},
        [{"url": "http://a:1", "name": None}],
    ],
)
def test_an_argument_takes_text_tables_and_targets(word: str, value: object) -> None:
    assert load(environ={}, **{word: value}).targets == (Target(name="a:1", url="http://a:1"),)


@pytest.mark.parametrize("value", [1, b"http://a", [1], [["http://a"]], True, object()])
def test_an_argument_of_another_type_is_refused(value: object) -> None:
    refused(value)


def test_no_target_at_all_is_legal() -> None:
    assert targets([]) == load(environ={}).targets == ()


def test_tables_of_a_file_say_more_than_a_url(tmp_path: Path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(
        """
        [[targets]]
        name = "v2"
        url = "https://v2:8443/api"
        percent = 5
        host = "suffix"
        headers = { "X-Token" = " t " }
        [[targets]]
        url = "http://v3"
        """
    )
    assert load(environ={}, config=config).targets == (
        Target(name="v2", url="https://v2:8443/api", percent=5.0, host="suffix", headers=(("X-Token", "t"),)),
        Target(name="v3:80", url="http://v3"),
    )


def test_two_targets_of_one_name_are_refused() -> None:
    assert "two targets with the name a:1" in refused(["http://a:1", "https://a:1"])
    assert len(targets([{"name": "x", "url": "http://a:1"}, "https://a:1"])) == 2


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"name": "v2"}, "url is missing"),
        ({"url": "http://a", "percnt": 1}, "percnt is not a setting; did you mean percent?"),
        ({"url": "http://a", "zzz": 1}, "known are headers, host, name, percent, url"),
        ({"url": "http://a", "percent": 101}, "target 1 in argument targets: percent is 101"),
        ({"url": "http://a", "percent": "10%"}, "a number from 0 to 100"),
        ({"url": "http://a", "name": ""}, "a name of at most 100"),
        ({"url": "http://a", "name": "a b"}, "a name of at most 100"),
        ({"url": "http://a", "name": 1}, "a name of at most 100"),
        ({"url": "http://a", "host": ""}, "target, original, suffix, or a literal"),
        ({"url": "http://a", "host": "a b"}, "target, original, suffix, or a literal"),
        ({"url": "http://a", "host": "http://a"}, "port"),
        ({"url": "http://a", "host": 1}, "target, original, suffix, or a literal"),
    ],
)
def test_a_table_is_checked_key_by_key(table: dict[str, Any], problem: str) -> None:
    assert problem in refused([table])


def test_a_target_made_in_code_is_checked_like_a_table() -> None:
    assert "percent is 101" in refused(Target(name="a", url="http://a", percent=101))
    assert "no scheme" in refused([Target(name="a", url="a:1")])


@pytest.mark.parametrize("host", ["target", "original", "suffix", "staging.example", "a:8000", "[::1]:8000"])
def test_the_host_of_a_copy_is_a_policy_or_a_literal(host: str) -> None:
    (target,) = targets({"url": "http://a", "host": host})
    assert target.host == host


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"X Token": "t"}, "the name of a header"),
        ({"": "t"}, "the name of a header"),
        ({"X-Token\r\n": "t\r\nY: u"}, "printable ASCII"),
        ({"X-Token": "a\r\nb"}, "gives X-Token a value that is not printable ASCII"),
        ({"X-Token": "a\nb"}, "printable ASCII"),
        ({"X-Token": "a\0b"}, "printable ASCII"),
        ({"X-Token": "ä"}, "printable ASCII"),
        ({"X-Token": 5}, "printable ASCII"),
        ({"X-Token": "a", "x-token": "b"}, "names x-token twice"),
        ({"Content-Length": "5"}, "Content-Length, which shadowtap itself writes"),
        ({"transfer-encoding": "chunked"}, "which shadowtap itself writes"),
        ({"Host": "a"}, "which shadowtap itself writes"),
        ({"X-Shadow-Request": "true"}, "which shadowtap itself writes"),
        ("X-Token: t", "a table of names and values"),
        ([("X-Token",)], "a table of names and values"),
        (["ab"], "a table of names and values"),
        (5, "a list"),
    ],
)
def test_headers_that_are_not_plain_fields_are_refused(headers: object, problem: str) -> None:
    assert problem in refused({"url": "http://a", "headers": headers})


def test_headers_may_be_pairs() -> None:
    (target,) = targets({"url": "http://a", "headers": [("X-A", "1"), ["X-B", "a\tb"]]})
    assert target.headers == (("X-A", "1"), ("X-B", "a\tb"))
