from __future__ import annotations

import pytest

from shadowtap.exceptions import NotRedacted
from shadowtap.exchange import CapturedRequest
from shadowtap.redact import Redactor
from shadowtap.redact.discovery import Discovery
from shadowtap.redact.notes import Note, Step
from shadowtap.settings import RedactRule
from tests.redact.asking import FORM, JSON, KEY, captured


class Listener:
    def __init__(self) -> None:
        self.notes: list[Note] = []

    def noted(self, note: Note) -> None:
        self.notes.append(note)


def notes(redactor: Redactor, request: CapturedRequest, keep: tuple[str, ...] = ()) -> list[Note]:
    listener = Listener()
    redactor.redact(request, keep_headers=keep, observer=listener)
    return listener.notes


def of_body(redactor: Redactor, text: str) -> list[Note]:
    found = notes(redactor, captured(body=text.encode(), content_type=JSON))
    return [note for note in found if note.place.startswith("body")]


@pytest.mark.parametrize(
    ("text", "step", "entity", "done"),
    [
        ('{"email": "bob@x.io"}', Step.KEY, "EMAIL_ADDRESS", "replaced"),
        ('{"x": "bob@x.io"}', Step.RECOGNISER, "EMAIL_ADDRESS", "replaced"),
        ('{"x": 4111111111111111}', Step.RECOGNISER, "CREDIT_CARD", "replaced"),
        ('{"phone": 2125550187}', Step.KEY, "PHONE_NUMBER", "replaced"),
        ('{"password": "hunter22"}', Step.CREDENTIAL, "SECRET", "replaced"),
        ('{"x": "ring me at noon"}', Step.FREE_TEXT, "FREE_TEXT", "replaced"),
        ('{"x": "ring bob@x.io at noon today"}', Step.FREE_TEXT, "EMAIL_ADDRESS", "replaced"),
        ('{"note": "noon"}', Step.FREE_TEXT, "FREE_TEXT", "replaced"),
        ('{"x": "%s"}' % ("ab cd " * 900), Step.FREE_TEXT, "FREE_TEXT", "replaced"),
        ('{"x": "2026-01-02T03:04:05Z"}', Step.SHAPE, "", "kept"),
        ('{"x": "Fri, 02 Jan 2026 03:04:05 GMT"}', Step.SHAPE, "", "kept"),
        ('{"status": "in transit"}', Step.KEY, "", "kept"),
        ('{"x": "open"}', Step.NOBODY, "", "kept"),
        ('{"x": "some-longer_word/with.parts"}', Step.NOBODY, "", "kept"),
        ('{"x": 7}', Step.NOBODY, "", "kept"),
        ('{"x": 1234567890}', Step.NOBODY, "", "kept"),
        ('{"x": ""}', Step.NOBODY, "", "kept"),
    ],
)
def test_the_step_that_decided_is_told(
    redactor: Redactor, text: str, step: Step, entity: str, done: str
) -> None:
    (note,) = of_body(redactor, text)
    assert (note.step, note.entity, note.done) == (step, entity, done)
    assert bool(note.surrogate) == (done == "replaced")


def test_a_fold_of_width_does_not_hide_the_step(redactor: Redactor) -> None:
    (note,) = of_body(redactor, '{"email": "bob\u200b@x.io", "n": null}')
    assert (note.step, note.entity, note.length) == (Step.KEY, "EMAIL_ADDRESS", 9)
    (kept,) = of_body(redactor, '{"x": "2026-01-02T03:04:05\u200bZ"}')
    assert (kept.step, kept.done) == (Step.SHAPE, "kept")


def test_headers_tell_what_was_dropped_and_kept(redactor: Redactor) -> None:
    headers = [
        ("Host", "a.example"),
        ("Authorization", "Bearer abcdef"),
        ("X-Api-Key", "k"),
        ("X-Real-IP", "203.0.113.7"),
        ("Accept", "*/*"),
        ("X-Hop", "1"),
        ("Connection", "x-hop"),
    ]
    found = {note.place: note for note in notes(redactor, captured("GET", headers=headers), ("x-api-key",))}
    assert {place.removeprefix("headers."): (note.done, note.step) for place, note in found.items()} == {
        "host": ("kept", Step.KEY),
        "authorization": ("dropped", Step.CREDENTIAL),
        "x-api-key": ("kept", Step.RULE),
        "x-real-ip": ("replaced", Step.RECOGNISER),
        "accept": ("kept", Step.KEY),
        "x-hop": ("dropped", Step.KEY),
        "connection": ("dropped", Step.KEY),
        "path.*": ("kept", Step.NOBODY),
    }


def test_a_container_and_what_is_in_it_are_told(redactor: Redactor) -> None:
    found = of_body(redactor, '{"a": "{\\"email\\": \\"bob@x.io\\"}"}')
    assert [(note.place, note.step) for note in found] == [
        ("body.a.email", Step.KEY),
        ("body.a", Step.CONTAINER),
    ]


def test_a_name_that_is_somebodys_address_is_told_without_it(redactor: Redactor) -> None:
    name, value = of_body(redactor, '{"bob@x.io": "open"}')
    assert (name.place, name.kind, name.step) == ("body.*", "name", Step.RECOGNISER)
    assert value.place == "body.*"


def test_what_the_self_check_replaced_is_told_once(redactor: Redactor) -> None:
    request = captured(body=b"email=bob%40x.io&x=bob%40x.io-7&y=open", content_type=FORM)
    found = notes(redactor, captured(body=b'{"name": "Quillon", "x": "Quillon-7"}', content_type=JSON))
    assert [(note.place, note.step, note.done) for note in found if note.place.startswith("body")] == [
        ("body.name", Step.KEY, "replaced"),
        ("body.x", Step.SELF_CHECK, "replaced"),
    ]
    places = [note.place for note in notes(redactor, request)]
    assert len(places) == len(set(places))


def test_a_path_tells_no_word_that_may_be_a_name(redactor: Redactor) -> None:
    request = captured(
        "GET", path="/john/7/users/8", headers=[("Referer", "https://a.example/john/7/users/8")]
    )
    assert {note.place for note in notes(redactor, request)} == {
        "path.*", "path.users", "headers.referer", "headers.referer.*", "headers.referer.users",
    }  # fmt: skip


def test_rules_of_the_users_are_told_with_what_they_do() -> None:
    rules = [
        RedactRule(path="body.a", action="keep"),
        RedactRule(path="body.b", action="keep!"),
        RedactRule(path="body.c", action="drop"),
        RedactRule(path="body.d", action="as", entity="PERSON"),
        RedactRule(path="body.e", action="scrub"),
        RedactRule(path="headers.x-f", action="drop"),
    ]
    ruled = Redactor(KEY, timeout=60.0, rules=rules)
    body = b'{"a": "bob@x.io", "b": 4111111111111111, "c": "it", "d": "al", "e": 12345, "g": "open"}'
    headers = [("X-F", "it")]
    found = notes(ruled, captured(path="", headers=headers, body=body, content_type=JSON))
    assert [(note.place, note.done, str(note.step), note.entity) for note in found] == [
        ("headers.x-f", "dropped", "user rule", ""),
        ("headers.content-type", "kept", "key name", ""),
        ("body.a", "kept", "user rule", ""),
        ("body.b", "kept", "user rule", ""),
        ("body.c", "dropped", "user rule", ""),
        ("body.d", "replaced", "user rule", "PERSON"),
        ("body.e", "replaced", "user rule", ""),
        ("body.g", "kept", "unrecognised", ""),
    ]


def test_strict_mode_is_told() -> None:
    strict = Redactor(KEY, timeout=60.0, strict=True)
    (taken,) = of_body(strict, '{"x": "Quillon"}')
    assert (taken.step, taken.done) == (Step.STRICT, "replaced")


def test_no_surrogate_shows_what_stays_around_it(redactor: Redactor) -> None:
    (note,) = of_body(redactor, '{"status": "sent: bob@x.io, eve@x.io"}')
    assert "sent" not in note.surrogate
    assert note.surrogate.count("@") == 2


def test_what_fails_is_told_up_to_there(redactor: Redactor) -> None:
    listener = Listener()
    with pytest.raises(NotRedacted):
        redactor.redact(captured(path="/a", body=b"{", content_type=JSON), observer=listener)
    assert "path.*" in {note.place for note in listener.notes}


def test_what_is_sent_does_not_depend_on_who_listens(redactor: Redactor) -> None:
    request = captured(
        query="email=bob@x.io", body=b'{"name": "Quillon", "x": "Quillon-7"}', content_type=JSON
    )
    assert redactor.redact(request, observer=Listener()) == redactor.redact(request)


def test_a_discovery_counts_by_place_and_puts_the_unrecognised_first(redactor: Redactor) -> None:
    discovery = Discovery()
    for number in range(3):
        body = f'{{"email": "user{number}@x.io", "items": ["blue", "red"], "12": {{"deadbeef1": "x"}}}}'
        redactor.redact(captured(path="/", body=body.encode(), content_type=JSON), observer=discovery)
    rows = [(row.place, row.done, number) for row, number in discovery.rows() if row.place.startswith("body")]
    assert rows == [
        ("body.items", "kept", 6),
        ("body.*.*", "kept", 3),
        ("body.email", "replaced", 3),
    ]


def test_a_discovery_is_bounded() -> None:
    discovery = Discovery(most=2)
    for place in ("body.a", "body.b", "body.c", "body.a", "body.d"):
        discovery.noted(Note(place, "string", 4, "kept", Step.NOBODY, "", ""))
    assert [(row.place, number) for row, number in discovery.rows()] == [("body.a", 2), ("body.b", 1)]
    assert discovery.beyond == 2
