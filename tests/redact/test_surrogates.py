from __future__ import annotations

import re
from datetime import date
from ipaddress import ip_address, ip_network

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.redact import entities as e
from shadowtap.redact.recognisers import cards, cn_ids, emails, ibans
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.surrogates.identity import ssn_valid
from shadowtap.redact.surrogates.payment import luhn_valid
from shadowtap.redact.surrogates.words import FIRST
from tests.redact.asking import KEY

MAKE = Surrogates(KEY)


# A change here changes every surrogate of every user: their shadow's data no longer match.
GOLDEN = [
    (e.EMAIL, "bob@x.io", "anna.vc6youxj@d33031e.example.com"),
    (e.PHONE, "+1 212 555 0187", "+1 212 894 2727"),
    (e.CARD, "4111 1111 1111 1111", "4111 3984 2502 0001"),
    (e.IBAN, "DE89 3704 0044 0532 0130 00", "DE47 1128 2815 0108 8201 89"),
    (e.IP, "203.0.113.7", "203.0.193.11"),
    (e.IP, "2001:db8::7", "2001:db8:0:9380:da6b:9e4a:fcf0:f624"),
    (e.MAC, "00:1A:2B:3C:4D:5E", "00:1A:2B:4E:A7:08"),
    (e.SSN, "536-90-4399", "721-15-6808"),
    (e.CN_ID, "11010519491231002X", "11010519491224654X"),
    (e.PERSON, "Zoë O'Neill", "Özlem Y'Dirk"),
    (e.STREET, "221B Baker Street", "116H Mona Street"),
    (e.BIRTH, "1985-03-07", "1985-04-08"),
    (e.ID, "C01X00T47", "F50B09Q46"),
    (e.SECRET, "s3cr3t!", "n8wo4f!"),
    (e.USERNAME, "bob_smith42", "fxh_bpefb26"),
]


@pytest.mark.parametrize(("entity", "text", "surrogate"), GOLDEN)
def test_a_surrogate_is_that_of_every_release(entity: str, text: str, surrogate: str) -> None:
    assert MAKE.text(entity, text) == surrogate


@pytest.mark.parametrize(("entity", "text"), [(entity, text) for entity, text, _ in GOLDEN])
def test_a_surrogate_is_another_value_and_always_the_same(entity: str, text: str) -> None:
    out = MAKE.text(entity, text)
    assert out != text
    assert out == MAKE.text(entity, text) == Surrogates(KEY).text(entity, text)
    assert out != Surrogates(b"another key").text(entity, text)


@given(st.emails())
def test_an_address_is_an_address_wherever_it_is_checked(address: str) -> None:
    out = MAKE.text(e.EMAIL, address)
    assert list(emails(out)) == [(0, len(out))]
    assert out.lower().endswith(".example.com")


def test_an_address_is_the_same_in_any_case_width_and_form() -> None:
    out = MAKE.text(e.EMAIL, "bob.jörg@x.io")
    assert out == MAKE.text(e.EMAIL, "Bob.Jörg@X.io") == MAKE.text(e.EMAIL, "bob.jo\u0308rg\uff20x.io")
    assert MAKE.text(e.EMAIL, "BOB@X.IO").isupper()


def test_an_address_keeps_its_house_and_its_tag() -> None:
    ann, bob, tagged = (MAKE.text(e.EMAIL, f"{name}@x.io") for name in ("ann", "bob", "bob+news"))
    assert ann.partition("@")[2] == bob.partition("@")[2] == tagged.partition("@")[2]
    assert ann.partition("@")[0] != bob.partition("@")[0]
    assert tagged.startswith(bob.partition("@")[0] + "+")


@pytest.mark.parametrize(
    "text",
    [
        "+12125550187",
        "+1 (212) 555-0187",
        "+442079460958",
        "+44 7911 123456",
        "+4915112345678",
        "+33612345678",
        "+8613912345678",
        "+81 90-1234-5678",
        "+61412345678",
        "+5511987654321",
        "+919876543210",
        "+49 711 123456",
    ],
)
def test_an_international_number_stays_one_of_its_country(text: str) -> None:
    out = MAKE.text(e.PHONE, text)
    before, after = phonenumbers.parse(text), phonenumbers.parse(out)
    assert after.country_code == before.country_code
    assert phonenumbers.is_valid_number(after) or not phonenumbers.is_valid_number(before)
    assert re.sub(r"\d", "0", out) == re.sub(r"\d", "0", text)


def test_a_number_is_the_same_however_it_is_written() -> None:
    written = ["+1 212 555 0187", "(212) 555-0187", "2125550187", "212.555.0187", "1-212-555-0187"]
    assert len({re.sub(r"\D", "", MAKE.text(e.PHONE, text))[-10:] for text in written}) == 1


@pytest.mark.parametrize(
    "text", ["55501", "5550187", "12345678", "0711 123456", "+1 212 555 0187 x55", "1" * 20]
)
def test_any_number_keeps_its_length_and_separators(text: str) -> None:
    out = MAKE.text(e.PHONE, text)
    assert out != text
    assert re.sub(r"\d", "0", out) == re.sub(r"\d", "0", text)


@pytest.mark.parametrize(
    "text", ["4111111111111111", "378282246310005", "6222021234567890128", "5555 5555 5555 4444"]
)
def test_a_card_keeps_its_brand_and_passes_luhn(text: str) -> None:
    out = MAKE.text(e.CARD, text)
    assert list(cards(out)) == [(0, len(out))]
    assert out[:4] == text[:4]


def test_a_wrong_card_number_stays_wrong() -> None:
    out = MAKE.text(e.CARD, "4111111111111112")
    assert out != "4111111111111112"
    assert not luhn_valid(out)


@pytest.mark.parametrize(
    "text", ["DE89370400440532013000", "gb29nwbk60161331926819", "FR14 2004 1010 0505 0001 3M02 606"]
)
def test_an_iban_keeps_its_country_and_shape_and_passes_its_check(text: str) -> None:
    out = MAKE.text(e.IBAN, text)
    assert list(ibans(out)) == [(0, len(out))]
    assert out[:2] == text[:2]
    assert out.islower() == text.islower()


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.7", "203.0.0.0/16"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("192.168.1.2", "192.168.0.0/16"),
        ("2001:db8:1::7", "2001:db8:1::/48"),
    ],
)
def test_an_address_of_a_host_stays_in_its_network(text: str, network: str) -> None:
    assert ip_address(MAKE.text(e.IP, text)) in ip_network(network)


def test_a_mapped_address_stays_mapped() -> None:
    assert MAKE.text(e.IP, "::ffff:203.0.113.7") == "::ffff:" + MAKE.text(e.IP, "203.0.113.7")


@given(st.integers(0, 999_999_999).map(lambda number: f"{number:09}"))
def test_a_social_security_number_that_could_be_issued_stays_one(run: str) -> None:
    out = MAKE.text(e.SSN, run)
    assert out != run
    assert len(out) == 9
    assert ssn_valid(out) or not ssn_valid(run)


def test_a_chinese_id_keeps_area_year_and_sex_and_passes_its_check() -> None:
    out = MAKE.text(e.CN_ID, "11010519491231002X")
    assert list(cn_ids(out)) == [(0, 18)]
    assert out[:10] == "1101051949"
    assert int(out[16]) % 2 == 0


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_a_date_of_birth_is_another_day_of_the_same_year(day: date) -> None:
    out = date.fromisoformat(MAKE.text(e.BIRTH, day.isoformat()))
    assert out != day
    assert out.year == day.year


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("7.3.85", r"[1-9]\.[1-9]\.85"),
        ("03/04/1971", r"0[1-9]/0[1-9]/1971"),
        ("31/12/1971", r"1[0-2]/1[0-2]/1971"),
        ("1990年1月2日", r"1990年[1-9]月[1-9]日"),
        ("19850307", r"19850[1-9]0[1-9]"),
        ("1985-02-29", r"1985-0[1-9]-[12]\d"),
        ("1985-03-07T00:00:00Z", r"1985-0[1-9]-0[1-9]T00:00:00Z"),
        ("March 1985", r"[A-Z][a-z]{4} \d{4}"),
    ],
)
def test_a_date_of_birth_keeps_its_format(text: str, pattern: str) -> None:
    out = MAKE.text(e.BIRTH, text)
    assert out != text
    assert re.fullmatch(pattern, out), out


@pytest.mark.parametrize("entity", [e.PERSON, e.STREET, e.TEXT])
@pytest.mark.parametrize("text", ["Königsstraße Zoë", "Łukasz Świętokrzyska", "ÅSA MÜLLER"])
def test_what_is_not_ascii_stays_so_that_the_shadow_has_to_cope_with_it(entity: str, text: str) -> None:
    out = MAKE.text(entity, text)
    assert out != text
    assert [word.isascii() for word in out.split()] == [word.isascii() for word in text.split()]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Patricia", r"[A-Z][a-z]{1,4}"),
        ("PATRICIA", r"[A-Z]{2,5}"),
        ("patricia", r"[a-z]{2,5}"),
        ("Dr. Zoë van der O'Neill-Nguyễn", r"Dr\. \w+ van der [A-Z]'[A-Z][a-z]+-\w+"),
        ("MR J SMITH", r"MR [A-IK-Z] [A-Z]{2,5}"),
        ("x", r"[a-wyz]"),
        ("Mr", r"[A-Z][a-z]+"),
        ("王小明", r"[\u4e00-\u9fff]{3}"),
        ("Юлия", r"[\u0410-\u042f][\u0430-\u044f]{3}"),
    ],
)
def test_a_name_keeps_words_case_titles_and_script(text: str, pattern: str) -> None:
    out = MAKE.text(e.PERSON, text)
    assert out != text
    assert re.fullmatch(pattern, out), out


def test_a_name_is_the_same_composed_and_decomposed() -> None:
    assert MAKE.text(e.PERSON, "Jörg") == MAKE.text(e.PERSON, "Jo\u0308rg")


def test_no_name_is_long_enough_to_be_taken_for_a_removed_one() -> None:
    assert max(map(len, FIRST)) < 6
    assert len(set(FIRST)) == len(FIRST)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("s3cr3t!", r"[a-z]\d[a-z]{2}\d[a-z]!"),
        ("Bearer abc.def", r"Bearer [a-z]{3}\.[a-z]{3}"),
        ("sk_live_4eC39HqLyjWDarjt", r"sk_live_\d[a-z][A-Z]\d{2}[A-Z][a-z][A-Z]\w+"),
        ("-----BEGIN KEY-----\nMII\n-----END KEY-----", r"-----BEGIN KEY-----\n[A-Z]{3}\n-----END KEY-----"),
        ("!!!", r"[a-r]{3}"),
    ],
)
def test_a_secret_keeps_its_alphabet_and_prefix(text: str, pattern: str) -> None:
    out = MAKE.text(e.SECRET, text)
    assert out != text
    assert re.fullmatch(pattern, out), out


def test_a_token_keeps_its_header() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"
    out = MAKE.text(e.JWT, token)
    assert out.split(".")[0] == token.split(".", maxsplit=1)[0]
    assert [len(part) for part in out.split(".")] == [len(part) for part in token.split(".")]
    assert out.split(".")[1] != token.split(".")[1]


def test_a_uuid_of_a_device_stays_a_uuid_of_its_version() -> None:
    out = MAKE.text(e.DEVICE, "7c8d263f-b209-4da6-9d61-38e623895858")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}", out)


def test_ten_thousand_ids_give_ten_thousand_surrogates() -> None:
    assert len({MAKE.text(e.ACCOUNT, str(10_000_000 + number * 7)) for number in range(10_000)}) == 10_000


@given(st.sampled_from([e.PHONE, e.CARD, e.SSN, e.ID, e.CVV, e.ACCOUNT, e.BIRTH]), st.integers(10, 10**20))
def test_a_number_becomes_a_number_of_as_many_digits(entity: str, number: int) -> None:
    out = MAKE.number(entity, str(number))
    assert out != str(number)
    assert len(str(int(out))) == len(str(number))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("48.775846", r"48\.7\d{5}"), ("-9.18", r"-9\.1\d"), ("9.1", r"9\.1"), ("1.23e2", r"1\.2\de2")],
)
def test_a_coordinate_stays_within_ten_kilometres(text: str, pattern: str) -> None:
    assert re.fullmatch(pattern, MAKE.number(e.GEO, text))


@pytest.mark.parametrize("entity", [e.PERSON, e.PHONE, e.ID, e.SECRET, e.USERNAME, e.CARD])
def test_the_same_digits_are_different_under_different_meanings(entity: str) -> None:
    others = {MAKE.text(other, "4111111111111") for other in (e.ACCOUNT, e.POSTAL_CODE, e.CVV)}
    assert MAKE.text(entity, "4111111111111") not in others
    assert len(others) == 3


@pytest.mark.parametrize("text", [f"203.0.202.{last}" for last in range(1, 26)])
def test_an_address_is_not_the_begin_of_its_surrogate(text: str) -> None:
    assert not [key for key in range(40) if text in Surrogates(b"%032d" % key).text(e.IP, text)]
