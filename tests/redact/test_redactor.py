"""The seam: what every other stage may rely on."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shadowtap.exceptions import CourierError, NotRedacted, RedactionFailed, UnsupportedBody
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import Redactor
from tests.redact.asking import FORM, JSON, KEY, captured, json_value

PERSON = (
    b'{"first_name":"Patricia","email":"bob@x.io","phone":"+1 212 555 0187","note":"call Zacharias at noon",'
    b'"card":{"number":4111111111111111},"iban":"DE89370400440532013000","dob":"1985-03-07","ip":"203.0.113.7"}'
)
REQUEST = captured(
    path="/users/bob%40x.io",
    query="q=john+smith",
    headers=[("Host", "shop.example"), ("X-Forwarded-For", "203.0.113.7"), ("User-Agent", "x/1 bob@x.io")],
    body=PERSON,
    content_type=JSON,
)


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_is_free_of_presidio() -> None:
    loaded = run("import sys, shadowtap.redact; print(*sorted(sys.modules))").split()
    assert not {"presidio_analyzer", "spacy", "phonenumbers", "numpy", "tldextract"} & set(loaded)


def test_without_presidio_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['presidio_analyzer'] = None\n"
        "from shadowtap.redact import Redactor\n"
        "from shadowtap.exceptions import CourierError\n"
        "try: Redactor(None)\n"
        "except CourierError as error: print(error)"
    )
    assert run(code) == (
        "redaction needs Presidio, but presidio_analyzer cannot be imported: pip install presidio-analyzer"
    )
    assert issubclass(CourierError, Exception)


def test_a_redacted_request_holds_nothing_of_the_person(redactor: Redactor) -> None:
    out = redactor.redact(REQUEST)
    sent = b"\n".join([out.path, out.query, out.body, *(value for _, value in out.headers)])
    for gone in (
        b"Patricia",
        b"x.io",
        b"555 0187",
        b"Zacharias",
        b"4111111111111111",
        b"DE89",
        b"smith",
        b"113.7",
    ):
        assert gone not in sent
    assert out.host == b"shop.example"
    assert out.method == "POST"


def test_the_same_person_is_the_same_in_every_part(redactor: Redactor) -> None:
    out = redactor.redact(REQUEST)
    (address,) = set(re.findall(rb"[a-z]+\.[a-z2-7]{8}(?=%40|@)", out.path + out.body + out.headers[-2][1]))
    assert out.path == b"/users/" + address + out.path[len(b"/users/" + address) :]


def test_the_same_key_gives_the_same_surrogates_in_another_process(redactor: Redactor) -> None:
    here = redactor.redact(REQUEST)
    code = (
        "from tests.redact.test_redactor import REQUEST, KEY; from shadowtap.redact import Redactor\n"
        "print(repr(tuple(getattr(Redactor(KEY, timeout=60).redact(REQUEST), n) for n in "
        "('path', 'query', 'headers', 'body'))))"
    )
    assert run(code) == repr((here.path, here.query, here.headers, here.body))


def test_another_key_gives_other_surrogates(redactor: Redactor) -> None:
    other = Redactor(b"another key of the same length..", timeout=60.0)
    ours, theirs = redactor.redact(REQUEST), other.redact(REQUEST)
    assert ours.path != theirs.path
    for field in (rb'"first_name":"(\w+)"', rb'"phone":"([^"]+)"', rb'"number":(\d+)', rb'"iban":"(\w+)"'):
        assert re.findall(field, ours.body) != re.findall(field, theirs.body)


def test_without_a_key_each_start_has_its_own() -> None:
    first, second = (Redactor(None, timeout=60.0).redact(REQUEST).path for _ in range(2))
    assert first != second


def test_what_is_redacted_twice_is_still_valid(redactor: Redactor) -> None:
    once = redactor.redact(REQUEST)
    again = captured(body=once.body, content_type=JSON)
    twice = redactor.redact(again).body
    assert re.search(rb'"email":"[a-z]+\.[a-z2-7]{8}@d[0-9a-f]{6}\.example\.com"', twice)


def test_no_connection_is_made_for_a_hundred_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    made = Redactor(KEY, timeout=60.0)
    made.warm_up()
    for number in range(100):
        out = json_value(made, "x", f"user{number}@example{number}.co.uk")
        assert out.endswith(".example.com")


def test_a_recogniser_that_raises_fails_the_request_and_shows_no_value(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(text: str, words: Any = None) -> None:
        raise KeyError(text)

    monkeypatch.setattr(redactor._detector, "find", find)
    with pytest.raises(RedactionFailed) as caught:
        json_value(redactor, "x", "unseen-value-77")
    assert str(caught.value) == "body: KeyError"
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_recogniser_that_sleeps_fails_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Redactor(KEY, timeout=0.05)
    made.warm_up()

    def find(text: str, words: Any = None) -> list[Any]:
        time.sleep(0.1)
        return []

    monkeypatch.setattr(made._detector, "find", find)
    with pytest.raises(RedactionFailed, match="took too long"):
        json_value(made, "x", "unseen-value-78")
    monkeypatch.undo()
    assert json_value(made, "x", "fine") == "fine"


@pytest.mark.parametrize(
    "request_",
    [
        captured(body=b"email=bob%FFx.io", content_type=FORM),
        captured(body=b'{"email":"bob@x.io"', content_type=JSON),
        captured(body=b"bob@x.io\xff", content_type=JSON),
        captured(body=b"bob@x.io", content_type=b"application/octet-stream"),
        captured(path="/bob@x.io/%FF"),
        captured(query="a=bob@x.io%FF"),
        captured("BOB@X.IO"),
    ],
)
def test_an_error_holds_no_value_and_leads_to_none(redactor: Redactor, request_: CapturedRequest) -> None:
    with pytest.raises(NotRedacted) as caught:
        redactor.redact(request_)
    assert "bob" not in str(caught.value).lower()
    assert caught.value.__cause__ is caught.value.__context__ is None
    frames = []
    trace = caught.value.__traceback__
    while trace is not None:
        frames.append(Path(trace.tb_frame.f_code.co_filename).name)
        trace = trace.tb_next
    assert frames == ["test_redactor.py", "redactor.py"]


def test_nothing_but_the_two_refusals_is_raised(redactor: Redactor) -> None:
    broken: Any = CapturedRequest("GET", "https", None, b"", (), (), "", "")  # type: ignore[arg-type]
    with pytest.raises(RedactionFailed, match="path: AttributeError"):
        redactor.redact(broken)
    assert issubclass(UnsupportedBody, NotRedacted)


def test_nothing_of_a_request_is_logged(redactor: Redactor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    redactor.redact(REQUEST)
    with pytest.raises(RedactionFailed):
        redactor.redact(captured(path="/bob@x.io/%FF"))
    assert caplog.records == []


def test_no_plaintext_is_kept(redactor: Redactor) -> None:
    import gc

    redactor.redact(captured(body=b'{"first_name":"Uniquelyyy","x":"unique-value-9911"}', content_type=JSON))
    gc.collect()
    cache = redactor._requests._engine.text._cache
    kept = [*cache._young.items(), *cache._old.items()]
    assert kept
    assert all(isinstance(digest, bytes) and len(digest) == 16 for digest, _ in kept)
    assert not any("Uniquelyyy" in repr(entry) or "unique-value-9911" in repr(entry) for entry in kept)


def test_what_cannot_be_removed_everywhere_is_not_sent(redactor: Redactor) -> None:
    request = captured(
        path="/kanari/7", route="/kanari/{id}", body=b'{"username":"kanari"}', content_type=JSON
    )
    with pytest.raises(RedactionFailed, match="check: something that was removed is still in the request"):
        redactor.redact(request)


def test_a_password_that_is_the_word_for_it_does_not_stop_the_copy(redactor: Redactor) -> None:
    out = redactor.redact(captured(body=b'{"password":"password"}', content_type=JSON)).body
    assert re.fullmatch(rb'\{"password":"[a-z]{8}"\}', out)


@pytest.mark.parametrize(
    "elsewhere",
    ['"username":"0187-kanari"', '"x":"=0187-kanari="', '"0187-kanari":1', '"x":"\\u0030187-kanari"'],
)
def test_what_is_removed_in_one_place_is_removed_in_every_place(redactor: Redactor, elsewhere: str) -> None:
    body = f'{{"password":"0187-kanari",{elsewhere}}}'.encode()
    out: RedactedRequest = redactor.redact(captured(body=body, content_type=JSON))
    assert b"187-kanari" not in out.body


@pytest.mark.parametrize("zone", ["Europe/Singen", "Europe\\/Singen"])
def test_a_city_that_is_removed_leaves_the_time_zone_of_its_name(redactor: Redactor, zone: str) -> None:
    body = f'{{"city":"Singen","zone":"{zone}"}}'.encode()
    out = redactor.redact(captured(body=body, content_type=JSON)).body
    assert out.endswith(f'"zone":"{zone}"}}'.encode())
    assert b'"city":"Singen"' not in out


def test_a_city_that_is_removed_leaves_a_time_zone_in_a_query(redactor: Redactor) -> None:
    out = redactor.redact(captured("GET", query="city=Singen&tz=Europe%2FSingen")).query
    assert out.endswith(b"&tz=Europe%2FSingen")
    assert b"city=Singen" not in out


def test_a_plain_word_that_is_scrubbed_may_be_the_name_of_a_status(redactor: Redactor) -> None:
    out = redactor.redact(captured(body=b'{"note":"urgent","priority":"urgent"}', content_type=JSON)).body
    assert out.endswith(b'"priority":"urgent"}')
    assert b'"note":"urgent"' not in out


def test_the_user_of_an_address_is_removed_where_it_stands_alone(redactor: Redactor) -> None:
    body = b'{"email":"bob.smith@x.io","ref":"bob.smith"}'
    out = redactor.redact(captured(body=body, content_type=JSON)).body
    address, reference = re.findall(rb'"(?:email|ref)":"([^"@]+)', out)
    assert address == reference != b"bob.smith"


def test_a_number_is_removed_in_all_its_spellings(redactor: Redactor) -> None:
    body = b'{"phone":"+1 (212) 555-0187","order_no":"2125550187","n":2125550187}'
    out = redactor.redact(captured(body=body, content_type=JSON)).body
    assert b"125550187" not in out
    phone, order, number = re.findall(rb'[":]\+?([0-9 ()-]{10,})', out)
    digits = re.sub(rb"[^0-9]", b"", phone)
    assert digits[1:] == order == number
