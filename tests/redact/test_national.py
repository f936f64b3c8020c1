"""Personal numbers of many countries: real examples out of their authorities' own pages and standards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.redact import Redactor
from shadowtap.redact.national import NATIONAL_IDS, compact, national_ids
from shadowtap.redact.surrogates import Surrogates
from tests.redact.asking import KEY, json_value

VALID = {
    "BR_CPF": ["111.444.777-35", "11144477735"],
    "BR_CNPJ": ["11.222.333/0001-81"],
    "ES_NIF": ["12345678Z", "54362315-K"],
    "ES_NIE": ["X2482300W"],
    "IT_FISCAL_CODE": ["RSSMRA85T10A562S"],
    "UK_NINO": ["AB123456C", "JG 10 37 59 A"],
    "FR_NIR": ["2 55 08 14 168 025 38", "255081416802538"],
    "BE_NRN": ["85.07.30-033.28"],
    "SE_PERSONNUMMER": ["811218-9876", "19811218-9876"],
    "FI_PERSONAL_IDENTITY_CODE": ["131052-308T"],
    "CZ_RODNE_CISLO": ["710319/2745"],
    "CL_RUT": ["12.531.909-2", "30.686.957-4"],
    "IN_AADHAAR": ["2341 2341 2346"],
    "IN_PAN": ["ABCPE1234F"],
    "SG_NRIC_FIN": ["S1234567D"],
    "CH_AHV": ["756.9217.0769.85"],
    "RU_SNILS": ["112-233-445 95"],
    "KR_RRN": ["970101-1234567"],
    "MX_CURP": ["BOXW310820HNERXN09", "HEGG560427MVZRRL04"],
}
PAIRS = [(entity, text) for entity, texts in VALID.items() for text in texts]


def found(text: str) -> list[tuple[str, str]]:
    return [(entity, text[start:end]) for start, end, entity in national_ids(text)]


def test_every_kind_has_an_example() -> None:
    assert set(VALID) == set(NATIONAL_IDS)


@pytest.mark.parametrize(("entity", "text"), PAIRS)
def test_it_is_found_alone_and_within_a_text(entity: str, text: str) -> None:
    assert found(text) == found(f"id ({text}).") == [(entity, text)]


@pytest.mark.parametrize(("entity", "text"), PAIRS)
def test_one_with_a_wrong_check_character_is_not_found(entity: str, text: str) -> None:
    kind = NATIONAL_IDS[entity]
    wrong = text[:-1] + (
        "1" if text[-1] == "0" else "0" if text[-1].isdecimal() else "B" if text[-1] == "A" else "A"
    )
    assert entity not in dict(found(wrong)) or not kind.must or "?" not in kind.mask


@pytest.mark.parametrize(("entity", "text"), PAIRS)
def test_its_surrogate_is_another_valid_one_written_alike(entity: str, text: str) -> None:
    fresh = Surrogates(KEY).text(entity, text)
    assert fresh != text
    assert found(fresh) == [(entity, fresh)]
    assert [char.isalnum() for char in fresh] == [char.isalnum() for char in text]


@given(st.sets(st.integers(0, 10**8 - 1), min_size=2, max_size=20))
def test_different_ones_stay_different(numbers: set[int]) -> None:
    checked = NATIONAL_IDS["ES_NIF"].checked
    fresh = {Surrogates(KEY).text("ES_NIF", checked(f"{number:08}A")) for number in numbers}
    assert len(fresh) == len(numbers)


@pytest.mark.parametrize(
    "text", ["000.000.000-00", "AB1234567", "1700000000", "2125550187", "4006381333931", "13912345678"]
)
def test_what_only_looks_like_one_is_not_found(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("entity", "text"), PAIRS)
def test_it_is_replaced_under_any_name(redactor: Redactor, entity: str, text: str) -> None:
    assert compact(json_value(redactor, "x", text)) != compact(text)


def test_a_telephone_number_stays_one_whatever_its_digits_add_up_to(redactor: Redactor) -> None:
    international = json_value(redactor, "phone", "+11144477735")
    assert json_value(redactor, "phone", "11144477735") == international.removeprefix("+")
