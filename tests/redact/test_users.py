"""Recognisers of the user's own, and a file of them."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from shadowtap.exceptions import CourierError, RedactionFailed
from shadowtap.redact import Redactor
from tests.redact import recognisers_of_users as users
from tests.redact.asking import JSON, KEY, captured, json_value, redact_json

UUID = "3f2b8c1e-9d4a-4c7b-8e21-0a1b2c3d4e5f"
FILE = """
recognizers:
  - name: Contract numbers
    supported_language: en
    supported_entity: CONTRACT
    patterns:
      - {name: contract, regex: 'KV/[0-9]{4}', score: 0.6}
  - name: Villains
    supported_languages: [{language: de}]
    supported_entity: VILLAIN
    deny_list: [voldemort, 3f2b8c1e-9d4a-4c7b-8e21-0a1b2c3d4e5f]
"""


def made(*names: str, timeout: float = 60.0, **more: object) -> Redactor:
    return Redactor(KEY, timeout=timeout, recognisers=[users.path(name) for name in names], **more)  # type: ignore[arg-type]


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "recognisers.yaml"
    file.write_text(text)
    return str(file)


def test_what_a_subclass_finds_is_scrambled_in_its_shape() -> None:
    out = json_value(made("Tenant"), "x", "of tn-482ab,7")
    assert re.fullmatch(r"of tn-\d{3}[a-z]{2},7", out) or re.fullmatch(r"of [a-z]{2}-\d{3}[a-z]{2},7", out)
    assert "tn-482ab" not in out


def test_context_words_count_in_the_fields_name_and_beside_the_value() -> None:
    redactor = made("badge")
    assert json_value(redactor, "badgeNo", "48213") != "48213"
    assert json_value(redactor, "x", "badge.no=48213") != "badge.no=48213"
    assert json_value(redactor, "x", "48213") == "48213"
    assert json_value(redactor, "badger", "48213") == "48213"


def test_entities_that_we_know_get_their_surrogates() -> None:
    assert re.fullmatch(r"[a-z]+", json_value(made("names"), "x", "zoltana"))
    assert json_value(made("names"), "x", "zoltana") != "zoltana"


@pytest.mark.parametrize("value", ["voldemort", UUID])
def test_they_see_even_the_plainest_values(tmp_path: Path, value: str) -> None:
    redactor = Redactor(KEY, timeout=60.0, recogniser_file=written(tmp_path, FILE))
    assert json_value(redactor, "status", value) != value
    assert json_value(redactor, "status", "dumbledore") == "dumbledore"


def test_they_see_numbers() -> None:
    out = json.loads(redact_json(made("badge"), '{"badge_no": 48213, "n": 48213, "page": 7}'))
    assert out["badge_no"] != 48213
    assert isinstance(out["badge_no"], int)
    assert (out["n"], out["page"]) == (48213, 7)


def test_a_file_in_presidios_format_is_read_whatever_its_languages(tmp_path: Path) -> None:
    redactor = Redactor(KEY, timeout=60.0, recogniser_file=written(tmp_path, FILE))
    assert "KV/4821" not in json_value(redactor, "x", "see:KV/4821")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Fails", "KeyError"),
        ("Leaves", "SystemExit"),
        ("Misses", "ValueError"),
        ("Sleeps", "took too long"),
        ("Hangs", "RecogniserTimedOut"),
        ("OtherFlags", "RecogniserTimedOut"),
    ],
)
def test_one_that_fails_fails_the_request_and_is_named(name: str, reason: str) -> None:
    redactor = made(name, timeout=0.2 if name == "Sleeps" else 60.0)
    value = "a" * 60 + "trouble-4711"
    with pytest.raises(RedactionFailed) as caught:
        json_value(redactor, "x", value)
    assert str(caught.value) == f"recogniser {name}: {reason}"
    assert caught.value.__cause__ is caught.value.__context__ is None
    if name in ("Fails", "Misses", "Sleeps"):
        assert json_value(redactor, "x", "fine") == "fine"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no_such_package.x:y", "cannot be imported: No module named 'no_such_package'"),
        (users.path("absent"), "cannot be made: AttributeError"),
        (users.path("broken"), "cannot be made: RuntimeError"),
        (users.path("nothing"), "is no EntityRecognizer"),
        (users.path("Elsewhere"), "would send texts elsewhere"),
        ("presidio_analyzer.predefined_recognizers:SpacyRecognizer", "needs an NLP engine"),
    ],
)
def test_one_that_cannot_be_had_is_an_error_that_names_it(path: str, reason: str) -> None:
    with pytest.raises(CourierError) as caught:
        Redactor(KEY, recognisers=[path])
    assert str(caught.value).startswith(f"redact_recognisers: {path}")
    assert reason in str(caught.value)
    assert "with a secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "cannot be read: No such file"),
        ("recognizers: []", "is not valid"),
        ("recognizers: [", "is not valid"),
        ("other: 1", "is not valid"),
        (FILE.replace("'KV/[0-9]{4}'", "'KV/('"), "is not valid"),
        (FILE.split("  - name: Villains", maxsplit=1)[0] + "    enabled: false\n", "defines no recogniser"),
    ],
)
def test_a_file_that_is_not_sound_is_an_error(tmp_path: Path, text: str | None, reason: str) -> None:
    file = str(tmp_path / "absent.yaml") if text is None else written(tmp_path, text)
    with pytest.raises(CourierError, match=reason):
        Redactor(KEY, recogniser_file=file)


def test_presidios_own_recogniser_of_addresses_stays_off_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = "supported_languages: [en]\nrecognizers:\n  - {name: EmailRecognizer, type: predefined}\n"
    redactor = Redactor(KEY, timeout=60.0, recogniser_file=written(tmp_path, text))
    for number in range(100):
        assert json_value(redactor, "x", f"user{number}@example{number}.co.uk").endswith(".example.com")


def test_names_in_free_text_by_a_recogniser_of_ones_own() -> None:
    redactor = made("names", free_text="ner")
    out = redactor.redact(
        captured(body=b'{"note":"Please ask zoltanaxy about the parcel"}', content_type=JSON)
    )
    assert re.fullmatch(rb'\{"note":"Please ask [a-z]+ about the parcel"\}', out.body)
    assert b"zoltanaxy" not in out.body


def test_free_text_that_nobody_reads_is_not_let_through() -> None:
    with pytest.raises(CourierError, match="needs redact_model"):
        Redactor(KEY, free_text="ner")
