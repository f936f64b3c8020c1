"""The gates change nothing: what is found is what Presidio's own engine finds with all recognisers on.

Presidio's engine runs each recogniser on each text, without a model. It gets the
same recognisers, and the same words beside a value that let one of them count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from shadowtap.redact.entities import Finding, disjoint
from shadowtap.redact.presidio import Detector
from shadowtap.redact.presidio.cues import among, near, words_of
from shadowtap.redact.presidio.detector import MAX_STOCK_TEXT, ValidatedRecogniser
from shadowtap.redact.presidio.run import THRESHOLD
from tests.redact.technical import values

COUNTRIES = ("au", "de", "es", "fi", "in", "it", "kr", "pl", "sg", "tr", "uk", "us", "za")
CASES = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
CUES = """
    acct driver lic license tin passport travel nhs medical call cell abn tfn medicare aadhaar pan gstin
    steuernummer kfz reisepass dni nie hetu fiscale patente rrn pesel nric uen tckn plaka nino mbi npi sars
    id number click
"""
FRAGMENTS = """
    @ . : - + / ( ) _ a Z x 1 12 007 1985 0987654321 bob x.io @2x.png 4111 4111111111111111 1111 +86 139
    1391234
    eyJhbGciOi DE89 3704 sk_live_ :// Bearer password= AB 123456 C 12345678Z S1234567D bc1q
    1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 RSSMRA85T10A562S 131052-308T 192.168 fe80 00:1b ----- nhs aadhaar tfn
    44051401359 ABCPE1234F 11010519491231
"""
NEAR_A_GATE = (*FRAGMENTS.split(), *" \n  ", "943 476 5919", "2341 2341 2346", "my tfn is ")
SHORTEST = {
    "1234567L": "ES_NIF",
    "X1234567L": "ES_NIE",
    "S1234567D": "SG_NRIC_FIN",
    "M1234567K": "SG_NRIC_FIN",
    "AB123456C": "UK_NINO",
    "131052-308T": "FI_PERSONAL_IDENTITY_CODE",
    "RSSMRA85T10A562S": "IT_FISCAL_CODE",
    "15070649C103": "DE_SOCIAL_SECURITY",
    "27AAPFU0939F1ZV": "IN_GSTIN",
    "ABCPE1234F": "IN_PAN",
    "MORGA657054SM9IJ": "UK_DRIVING_LICENCE",
    "1EG4-TE5-MK73": "US_MBI",
}
"""Values of countries that count without a cue, no longer than they can be."""


@cache
def detector() -> Detector:
    made = Detector(countries=COUNTRIES)
    for recogniser, its_cues in made._stock:
        recogniser.context = sorted(its_cues)
    return made


@cache
def engine(*recognisers: EntityRecognizer) -> AnalyzerEngine:
    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    nlp.load()
    made = AnalyzerEngine(
        registry=RecognizerRegistry(list(recognisers)), nlp_engine=nlp, supported_languages=["en"]
    )
    # Set afterwards, as Presidio warns of what is meant here: only the words that are given count.
    made.context_aware_enhancer = LemmaContextAwareEnhancer(context_matching_mode="whole_word")
    return made


def found(results: Iterable[RecognizerResult]) -> list[Finding]:
    return [Finding(result.start, result.end, result.entity_type) for result in results]


def by_presidio(text: str, words: frozenset[str]) -> list[Finding]:
    d = detector()
    ours = [made for made in d.registry.recognizers if isinstance(made, ValidatedRecogniser)]
    results = found(engine(*ours).analyze(text, "en", score_threshold=THRESHOLD))
    if results or len(text) > MAX_STOCK_TEXT:
        return results
    asked = [recogniser for recogniser, cues in d._stock if not cues.isdisjoint(words)]
    if d._is_phone_like(text) and d._phone not in asked:
        asked.append(d._phone)
    stock = engine(d._crypto, *asked)
    results = found(stock.analyze(text, "en", score_threshold=THRESHOLD, context=sorted(words)))
    return results or of_countries(text, words)


def of_countries(text: str, words: frozenset[str]) -> list[Finding]:
    countries = detector()._countries
    members = {m.recogniser.id: m for _, m in countries._telling}
    telling = set(members)
    for cued in countries._cued.values():
        members |= {member.recogniser.id: member for _, member in cued}
    results = []
    for result in engine(*countries.recognisers).analyze(text, "en", score_threshold=0.0):
        name = result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY]
        if name not in members:
            continue  # it has no cue, and counts with one alone
        _, its_cues, check = members[name]
        if among(its_cues, words | near(words_of(text), result.start, result.end)):
            results.append(result)
        elif name in telling and (check is None or check(text[result.start : result.end])):
            results += [result] * (result.score >= THRESHOLD)
    return found(results)


def same(text: str, *words: str) -> None:
    asked = frozenset(words)
    assert disjoint(detector().find(text, asked)) == disjoint(by_presidio(text, asked)), (text, words)


@pytest.mark.parametrize("words", [(), ("driver", "license"), ("nhs", "number"), ("call", "aadhaar")])
def test_the_gates_change_nothing_for_the_cases(words: tuple[str, ...]) -> None:
    for case in CASES:
        same(case["value"], *words)


@pytest.mark.parametrize("value", SHORTEST)
def test_the_shortest_value_of_a_country_passes_its_gate(value: str) -> None:
    assert SHORTEST[value] in {finding.entity for finding in detector().find(value)}
    same(value)
    same(f"x {value}.")


def test_the_gates_change_nothing_for_technical_values() -> None:
    cues = iter(CUES.split() * 30)
    for _, value in values(12):
        same(value)
        same(value, next(cues))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(NEAR_A_GATE), max_size=12).map("".join),
    st.sets(st.sampled_from(CUES.split()), max_size=2),
)
def test_the_gates_change_nothing_close_to_them(text: str, words: set[str]) -> None:
    same(text, *words)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789@.:- +AZaz/", max_size=40), st.sets(st.sampled_from(CUES.split()), max_size=1))
def test_the_gates_change_nothing_for_any_text(text: str, words: set[str]) -> None:
    same(text, *words)
