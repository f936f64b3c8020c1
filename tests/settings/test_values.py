"""The legal values of each kind of setting, and those next to them."""

from __future__ import annotations

import math
import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.settings import check_percent, load


def one(field: str, value: object) -> Any:
    return getattr(load(environ={}, **{field: value}), field)


def refused(field: str, value: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ={}, **{field: value})
    return str(caught.value)


@pytest.mark.parametrize("value", [0, 100, 0.5, "0", "100", " 12.5 ", "1e-3", -0.0])
def test_a_percent_from_0_to_100_is_taken(value: object) -> None:
    assert one("percent", value) == float(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        101,
        100.01,
        -1,
        True,
        False,
        10**400,
        [],
        {},
        b"10",
        "10%",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1_0",
        "\u0661\u0660",
        "ten",
        "0x10",
        "1e999",
        "--1",
    ],
)
def test_any_other_percent_is_refused(value: object) -> None:
    assert "it must be a number from 0 to 100" in refused("percent", value)


def test_a_percent_given_in_code_is_checked_under_its_own_name() -> None:
    assert check_percent("5", "@mirror(percent=...)") == 5.0
    with pytest.raises(SettingsError, match=r"^@mirror\(percent=\.\.\.\) is 101; it must be"):
        check_percent(101, "@mirror(percent=...)")


@pytest.mark.parametrize("value", [True, 1, "1", "true", "TRUE", " yes ", "On"])
def test_words_for_true(value: object) -> None:
    assert one("http2", value) is True


@pytest.mark.parametrize("value", [False, 0, "0", "false", "No", "OFF"])
def test_words_for_false(value: object) -> None:
    assert one("enabled", value) is False


@pytest.mark.parametrize("value", [2, -1, "2", "enabled", "y", 1.0, [], b"1"])
def test_any_other_switch_is_refused(value: object) -> None:
    assert "true or false" in refused("enabled", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        ("65536", 65536),
        ("64KiB", 65536),
        ("64 kib", 65536),
        ("1MiB", 1048576),
        ("10MB", 10_000_000),
        ("1.5kB", 1500),
        ("12B", 12),
        ("1GiB", 2**30),
    ],
)
def test_a_size_is_bytes_or_has_a_unit(value: object, expected: int) -> None:
    assert one("max_body", value) == expected


@pytest.mark.parametrize(
    "value", [-1, "-1", 2**30 + 1, "2GiB", "64K", "64.5", 64.0, True, "1TB", "9" * 5000, ""]
)
def test_any_other_size_is_refused(value: object) -> None:
    assert "a size such as" in refused("max_body", value)


def test_a_queue_of_no_bytes_is_refused() -> None:
    assert "from 1 to" in refused("queue_bytes", 0)


@pytest.mark.parametrize("field", ["queue_length", "connections", "breaker_failures"])
@pytest.mark.parametrize("value", [0, -1, "0", 1.0, "1.0", True, "many", 10**18, "9" * 5000])
def test_a_count_that_is_not_a_whole_number_in_range_is_refused(field: str, value: object) -> None:
    assert "a whole number from 1 to" in refused(field, value)


def test_a_count_may_be_text() -> None:
    assert one("connections", "8") == 8


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5.0),
        (0.25, 0.25),
        ("5", 5.0),
        ("500ms", 0.5),
        ("2s", 2.0),
        ("1.5s", 1.5),
        ("1m30s", 90.0),
        ("1d", 86400.0),
    ],
)
def test_a_duration_is_seconds_or_has_units(value: object, expected: float) -> None:
    assert one("timeout", value) == pytest.approx(expected)


@pytest.mark.parametrize(
    "field",
    ["timeout", "capture_timeout", "redact_timeout", "breaker_cooldown", "signature_window"],
)
@pytest.mark.parametrize(
    "value", [0, "0s", -1, "-1s", "25h", math.nan, math.inf, True, "5 s", "s", "1s1m", "2w", ""]
)
def test_any_other_duration_is_refused(field: str, value: object) -> None:
    assert "a duration such as" in refused(field, value)


def test_no_grace_at_shutdown_is_legal() -> None:
    assert one("shutdown_grace", 0) == 0
    assert "from 0" in refused("shutdown_grace", -1)


@pytest.mark.parametrize(("field", "word"), [("role", "shadow"), ("select", "marked"), ("guard", "always")])
def test_a_choice_is_taken_in_any_case(field: str, word: str) -> None:
    assert one(field, f" {word.upper()} ") == word


@pytest.mark.parametrize("field", ["role", "select", "guard"])
@pytest.mark.parametrize("value", ["", "mirror", 1, None.__class__, ["all"]])
def test_a_word_that_is_no_choice_is_refused_with_all_choices(field: str, value: object) -> None:
    assert "it must be one of: " in refused(field, value)


@pytest.mark.parametrize("value", ["get, POST ,,get,", ["GET", "post"], ("get", "POST")])
def test_methods_are_a_list_in_upper_case_without_repetition(value: object) -> None:
    assert one("methods", value) == ("GET", "POST")


@pytest.mark.parametrize("value", [["GET", 1], ["GET POST"], [""], 5, b"GET", {"GET": 1}, ["G\r\nH"]])
def test_anything_else_is_no_list_of_methods(value: object) -> None:
    refused("methods", value)


@pytest.mark.parametrize("field", ["include", "exclude"])
def test_path_globs_begin_with_a_slash_or_a_star(field: str) -> None:
    assert one(field, "/api/**, *.json") == ("/api/**", "*.json")
    assert "starts with / or *" in refused(field, "api/**")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("header:X-User", "header:x-user"), ("cookie:SID", "cookie:SID"), (len, len)],
)
def test_sticky_names_a_header_or_a_cookie_or_is_callable(value: object, expected: object) -> None:
    assert one("sticky", value) == expected


@pytest.mark.parametrize("value", ["X-User", "header:", "query:id", "header:a b", "cookie:a\r\nb", 1, ""])
def test_any_other_sticky_is_refused(value: object) -> None:
    assert "header:NAME or cookie:NAME" in refused("sticky", value)


@pytest.mark.parametrize("value", ["child", "unix:///run/shadowtap.sock", "unix:///" + "a" * 106])
def test_the_courier_is_a_child_or_a_socket(value: str) -> None:
    assert one("courier", value) == value


@pytest.mark.parametrize(
    "value", ["", "parent", "unix://run/a", "/run/a", "tcp://a:1", "unix:///" + "a" * 107, "unix:///a\0b", 1]
)
def test_any_other_courier_is_refused(value: object) -> None:
    assert "child, or unix:///path" in refused("courier", value)


@pytest.mark.parametrize("value", [0.1, "200", 1_000_000])
def test_a_rate_above_zero_is_taken(value: object) -> None:
    assert one("max_rate", value) == float(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan, "10/s", True])
def test_any_other_rate_is_refused(value: object) -> None:
    assert "copies per second" in refused("max_rate", value)


@pytest.mark.parametrize("field", ["ca_file", "config"])
@pytest.mark.parametrize("value", ["", "  ", "a\0b", 3, b"/etc/ca.pem"])
def test_what_is_no_path_is_refused(field: str, value: object) -> None:
    assert "the path of a file" in refused(field, value)


@pytest.mark.parametrize(
    "value",
    [
        "2030-01-31T18:00:00Z",
        "2030-01-31t18:00:00z",
        "2030-01-31 19:00:00+01:00",
        "1896112800",
        1896112800,
        1896112800.0,
        datetime(2030, 1, 31, 18, tzinfo=UTC),
        datetime(2030, 1, 31, 12, tzinfo=timezone(timedelta(hours=-6))),
    ],
)
def test_until_is_a_time_with_zone_or_seconds_since_the_epoch(value: object) -> None:
    assert one("until", value) == 1896112800.0


@pytest.mark.parametrize(
    "value",
    [
        "2030-01-31T18:00:00",
        "2030-01-31",
        "tomorrow",
        "2h",
        datetime(2030, 1, 31),  # noqa: DTZ001 - it has no zone on purpose
        date(2030, 1, 31),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        -1,
        1896112800000000,
        math.inf,
        True,
        "",
    ],
)
def test_any_other_until_is_refused(value: object) -> None:
    assert "2030-01-31T18:00:00Z" in refused("until", value)


def test_a_time_that_has_passed_is_legal() -> None:
    assert one("until", 1) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("2h", 7200),
        ("1d", 86400),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("366d", 366 * 86400),
    ],
)
def test_for_counts_from_now(value: str, seconds: float) -> None:
    before = time.time()
    until = load(environ={"SHADOWTAP_FOR": value}).until
    assert until is not None
    assert before + seconds <= until <= time.time() + seconds


@pytest.mark.parametrize("value", ["2", 2, 7200.0, "0h", "367d", "-2h", "2 hours", "30m1h", True, "", []])
def test_any_other_for_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match=r"argument for is .* a duration such as 90s, 15m, 2h"):
        load(environ={}, for_=value)
