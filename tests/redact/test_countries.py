"""Numbers of single countries, for those that the settings name."""

from __future__ import annotations

import json

import pytest

from shadowtap.redact import Redactor
from shadowtap.redact.presidio import Detector
from tests.redact.asking import KEY, json_value, redact_json
from tests.redact.technical import values

ALL = (
    *("au", "ca", "de", "es", "fi", "in", "it", "kr", "ng", "ph", "pl", "se", "sg", "th", "tr", "uk"),
    *("us", "za"),
)


@pytest.fixture(scope="module")
def everywhere() -> Detector:
    return Detector(countries=ALL)


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    made = Redactor(KEY, timeout=60.0, countries=ALL)
    made.warm_up()
    return made


def entities(detector: Detector, text: str, *words: str) -> set[str]:
    return {finding.entity for finding in detector.find(text, frozenset(words))}


WEAK = [
    ("123456782", "tfn", "AU_TFN"),
    ("51824753556", "abn", "AU_ABN"),
    ("234123412346", "aadhaar", "IN_AADHAAR"),
    ("44051401359", "pesel", "PL_PESEL"),
    ("10000000146", "tckn", "TR_NATIONAL_ID"),
    ("1245319599", "npi", "US_NPI"),
    ("8001015009087", "rsa id", "ZA_ID_NUMBER"),
    ("L01X00T471", "personalausweis", "DE_ID_CARD"),
    ("34 ABC 123", "plaka", "TR_LICENSE_PLATE"),
    ("N1234567", "indian passport", "IN_PASSPORT"),
]


@pytest.mark.parametrize(("value", "cue", "entity"), WEAK[:7])
def test_a_number_counts_under_a_name_that_tells_it(
    everywhere: Detector, value: str, cue: str, entity: str
) -> None:
    assert entity in entities(everywhere, value, *cue.split())


@pytest.mark.parametrize(("value", "cue", "entity"), WEAK[:7])
def test_a_number_counts_beside_a_word_that_tells_it(
    everywhere: Detector, value: str, cue: str, entity: str
) -> None:
    assert entity in entities(everywhere, f"{cue.upper()}: {value}")
    assert entity in entities(everywhere, f"{value} ({cue})")
    assert entity not in entities(everywhere, f"{cue} {'x ' * 40}{value}")


@pytest.mark.parametrize(("value", "cue", "entity"), WEAK)
def test_a_number_alone_or_under_any_name_does_not_count(
    everywhere: Detector, value: str, cue: str, entity: str
) -> None:
    assert entity not in entities(everywhere, value)
    assert entity not in entities(everywhere, value, "order", "id", "number", "registration")
    assert entity not in entities(everywhere, value, f"x{cue}x")


def test_a_country_that_is_not_named_is_not_looked_for() -> None:
    assert entities(Detector(countries=["pl"]), "MORGA657054SM9IJ", "licence") == set()
    assert entities(Detector(countries=["uk"]), "MORGA657054SM9IJ", "licence") == {"UK_DRIVING_LICENCE"}


def test_at_most_one_technical_value_in_two_hundred_suffers(everywhere: Detector) -> None:
    plain = Detector()
    made = [value for _, value in values(60)]
    damaged = [value for value in made if everywhere.find(value) and not plain.find(value)]
    assert len(damaged) <= len(made) / 200, damaged


def test_what_is_found_keeps_its_shape(redactor: Redactor) -> None:
    out = json_value(redactor, "x", "AB123456C")
    assert out != "AB123456C"
    assert (out[:2] + out[-1]).isupper()
    assert out[2:8].isdecimal()


def test_a_json_number_of_nine_digits_is_looked_at(redactor: Redactor) -> None:
    out = json.loads(redact_json(redactor, '{"tfn": 123456782, "order": 123456782, "n": 876543217}'))
    assert out["tfn"] != 123456782
    assert len(str(out["tfn"])) == 9
    assert out["n"] == 876543217
