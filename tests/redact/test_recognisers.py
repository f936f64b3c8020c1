from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.redact import entities as e
from shadowtap.redact.entities import Finding, disjoint
from shadowtap.redact.recognisers import RECOGNISERS, ean13_valid
from shadowtap.redact.surrogates.payment import luhn_digit


def found(text: str) -> list[tuple[str, str]]:
    return [
        (finding.entity, text[finding.start : finding.end])
        for recogniser in RECOGNISERS
        for finding in recogniser.find(text)
    ]


SEEN = {
    e.EMAIL: [
        "bob@x.io",
        "root@localhost",
        "Bob.Smith+tag@sub.example.co.uk",
        "jörg@bücher.de",
        "用户@例子.公司",
        "bob@[192.0.2.1]",
        "o'neil@corp.internal",
        "a@b",
    ],
    e.CARD: [
        "4111111111111111",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "6222021234567890128",
        "2223003122003222",
        "3530111333300000",
        "6011000990139424",
        "4222222222222",
        "30569309025904",
        "4111.1111.1111.1111",
    ],
    e.CN_ID: ["11010519491231002X", "440308199901101512", "11010519491231002x"],
    e.PHONE: [
        "13912345678",
        "+86 139-1234-5678",
        "139 1234 5678",
        "+442079460958",
        "+1 (212) 555-0187",
        "(212) 555-0187",
        "212-555-0187",
        "212.555.0187",
        "1-212-555-0187",
        "020 7946 0958",
        "0711 123456",
        "0711/1234567",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "0049 711 123456",
    ],
    e.SSN: ["123-45-6789", "078-05-1120", "536 90 4399", "987-65-4321"],
    e.IBAN: [
        "DE89370400440532013000",
        "de89370400440532013000",
        "GB29 NWBK 6016 1331 9268 19",
        "NO93-8601-1117-947",
    ],
    e.IP: [
        "203.0.113.7",
        "10.0.0.1",
        "2001:db8::8a2e:370:7334",
        "fe80::1",
        "::ffff:192.0.2.1",
        "1:2:3:4:5:6:7:8",
    ],
    e.MAC: ["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e"],
    e.JWT: ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl", "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9."],
    e.SECRET: [
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefghij",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "glpat-abcdefghij0123456789",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
    ],
}


@pytest.mark.parametrize(
    ("entity", "text"), [(entity, text) for entity, texts in SEEN.items() for text in texts]
)
def test_it_is_seen_alone_and_within_a_text(entity: str, text: str) -> None:
    assert (entity, text) in found(text)
    assert (entity, text) in found(f"ref ({text}) ok")


@pytest.mark.parametrize(
    "text",
    [
        "logo@2x.png",
        "lodash@4.17.21",
        "@bob",
        "bob@",
        "a @ b",
        "4111111111111112",
        "1700000000000",
        "1789012345678901234",
        "4929000000006123",
        "DE88370400440532013000",
        "XX89370400440532013000",
        "110105194912310021",
        "12:34:56",
        "1.2.3",
        "1.2.3.4.5",
        "127.0.0.1",
        "::",
        "::1",
        "std::vector",
        "Chrome/126.0.0.0",
        "2026-10-01",
        "2026-10-01T12:34:56Z",
        "978-3-16-148410-0",
        "1,299.00",
        "1700000000",
        "2125550187",
        "00:1A:2B:3C:4D",
        "SUMMER20",
        "cus_9s6XKzkNRiz8i3",
        "1Z999AA10123456784",
        "7c8d263f-b209-4da6-9d61-38e623895858",
        "sk_skinny",
        "eyJust.a.word",
        "https://shop.example/a/b?c=d",
        "basic training",
        "",
    ],
)
def test_what_only_looks_alike_is_not_seen(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mail:bob@x.io.", "bob@x.io"),
        ("Bob <bob@x.io>", "bob@x.io"),
        ("a=1&mail=bob@x.io&b", "bob@x.io"),
        ("qty 2 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("cc4111111111111111x", "4111111111111111"),
        ("手机号13912345678谢谢", "13912345678"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "DE89 3704 0044 0532 0130 00"),
        ("token=ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ('password: "s3cr3t!x"', "s3cr3t!x"),
        ("postgres://app:s3cr3t@db:5432/x", "app:s3cr3t"),
        ("Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
        ("http://203.0.113.7:80/", "203.0.113.7"),
    ],
)
def test_it_is_cut_out_of_what_is_around_it(text: str, part: str) -> None:
    assert part in [value for _, value in found(text)]


@given(st.integers(10**14, 10**15 - 1))
def test_every_visa_number_is_seen(payload: int) -> None:
    number = "4" + str(payload)[:14]
    assert (e.CARD, number + str(luhn_digit(number))) in found(number + str(luhn_digit(number)))


def test_a_trade_item_number_is_told_from_a_card() -> None:
    assert ean13_valid("4006381333931")
    assert not ean13_valid("4006381333932")
    assert not ean13_valid("40063813339")


@pytest.mark.parametrize(
    "text", ["a" * 50, "7" * 50, "@" * 50, ". " * 30, "-:" * 30, "\u0660" * 30, "王" * 30, "\ud800"]
)
def test_odd_texts_are_read(text: str) -> None:
    found(text)


def test_findings_that_overlap_become_one() -> None:
    findings = [Finding(4, 9, "B"), Finding(0, 5, "A"), Finding(20, 22, "C"), Finding(5, 6, "D")]
    assert disjoint(findings) == [Finding(0, 9, "A"), Finding(20, 22, "C")]
