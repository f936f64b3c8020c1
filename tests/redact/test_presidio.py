from __future__ import annotations

import logging
from typing import Any

import pytest
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from shadowtap.redact import entities as e
from shadowtap.redact.presidio import Detector, RecogniserTimedOut, watch


@pytest.fixture(scope="module")
def detector() -> Detector:
    made = Detector()
    made.warm_up()
    return made


def found(detector: Detector, text: str, *words: str) -> set[tuple[str, str]]:
    return {(text[start:end], entity) for start, end, entity in detector.find(text, frozenset(words))}


def test_our_recognisers_work_in_an_engine_of_presidios_without_a_model(detector: Detector) -> None:
    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    nlp.load()
    engine = AnalyzerEngine(registry=detector.registry, nlp_engine=nlp, supported_languages=["en"])
    text = "bob@corp.internal paid with 4111 1111 1111 1111, id 11010519491231002X"
    results = {
        (text[r.start : r.end], r.entity_type) for r in engine.analyze(text, "en", score_threshold=0.9)
    }
    assert results == {
        ("bob@corp.internal", e.EMAIL),
        ("4111 1111 1111 1111", e.CARD),
        ("11010519491231002X", e.CN_ID),
    }


def test_what_needs_the_network_or_unbounded_time_is_not_loaded(detector: Detector) -> None:
    names = {type(recogniser).__name__ for recogniser in detector.registry.recognizers}
    assert not names & {
        "EmailRecognizer",
        "UrlRecognizer",
        "DateRecognizer",
        "UuidRecognizer",
        "UsSsnRecognizer",
    }


@pytest.mark.parametrize(
    ("text", "words", "entity"),
    [
        ("D1234567", ("driver", "no"), "US_DRIVER_LICENSE"),
        ("A12345678", ("travel", "doc"), "US_PASSPORT"),
        ("9434765919", ("nhs", "x"), "UK_NHS"),
        ("912-70-1234", ("tin",), e.SSN),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", (), "CRYPTO"),
        ("2125550187", ("caller",), e.PHONE),
        ("20 7946 0958", (), e.PHONE),
    ],
)
def test_presidios_own_recognisers_run_where_a_word_or_the_form_asks_for_them(
    detector: Detector, text: str, words: tuple[str, ...], entity: str
) -> None:
    assert entity in {kind for _, kind in found(detector, text, *words)}


@pytest.mark.parametrize(
    "text",
    [
        "D1234567",
        "A12345678",
        "9434765919",
        "12345678901",
        "AB1234567",
        "1700000000",
        "978-3-16-148410-0",
        "4.5.2026",
    ],
)
def test_they_do_not_run_on_any_number(detector: Detector, text: str) -> None:
    assert found(detector, text) == set()
    assert found(detector, text, "click", "order") == set()


def test_a_time_out_is_an_error_and_not_a_miss() -> None:
    pattern = Pattern("slow", r"(a|a)*$", 0.5)
    slow = watch(PatternRecognizer("SLOW", patterns=[pattern]))
    with pytest.raises(RecogniserTimedOut):
        slow.analyze("a" * 64 + "b", ["SLOW"], None)  # type: ignore[arg-type]


def test_a_watched_recogniser_finds_what_it_found_before() -> None:
    made = watch(PatternRecognizer("WORD", patterns=[Pattern("word", r"ab+", 0.5)]))
    (result,) = made.analyze("xABBx", ["WORD"], None)  # type: ignore[arg-type]
    assert (result.start, result.end) == (1, 4)


def test_presidios_loggers_are_silent(detector: Detector, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("presidio-analyzer", "decision_process"):
        logging.getLogger(name).critical("bob@x.io")
    assert capfd.readouterr() == ("", "")


def test_an_error_of_a_recogniser_is_not_swallowed(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> list[Any]:
        raise OSError("broken")

    monkeypatch.setattr(type(detector._crypto), "analyze", fail)
    with pytest.raises(OSError, match="broken"):
        detector.find("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")


def test_a_licence_that_is_shorter_than_anything_of_ours_is_found(detector: Detector) -> None:
    assert found(detector, "A4111", "driver") == {("A4111", "US_DRIVER_LICENSE")}


def test_a_wallet_is_found_in_a_longer_text(detector: Detector) -> None:
    wallet = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
    assert found(detector, f"{'x' * 60}: {wallet}") == {(wallet, "CRYPTO")}
