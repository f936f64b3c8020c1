from __future__ import annotations

import ssl
import time
from pathlib import Path

import pytest

from shadowtap.outcome import Outcome
from shadowtap.send.turns import Result
from tests.support import certificates, faults
from tests.support.messages import reply
from tests.support.sending import copy, send, send_at_once
from tests.support.shadow import Line, RecordingShadow


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    return certificates.ca_file(tmp_path)


def only(results: list[Result]) -> Outcome:
    ((outcome, _),) = results
    return outcome


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_trusted_certificate_is_spoken_to(ca_file: str, name: str) -> None:
    with RecordingShadow(tls=certificates.context(name)) as shadow:
        url = f"https://{name}:{shadow.port}"
        results = send(url, copy(b"/a"), copy(b"/b", method="POST", body=b"x" * 200_000), ca_file=ca_file)
        assert [outcome for outcome, _ in results] == [Outcome.ANSWERED] * 2
        assert [request.target for request in shadow.requests] == [b"/a", b"/b"]
        assert len(shadow.requests[1].body) == 200_000
        assert shadow.connections == 1


def test_a_certificate_of_an_unknown_authority_is_a_tls_error() -> None:
    with RecordingShadow(tls=certificates.context("127.0.0.1")) as shadow:
        assert send(shadow.url, copy()) == [(Outcome.TLS_ERROR, None)]
        assert not shadow.requests


def test_a_variable_does_not_make_an_authority_known(ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file)
    monkeypatch.setenv("CURL_CA_BUNDLE", ca_file)
    with RecordingShadow(tls=certificates.context("127.0.0.1")) as shadow:
        assert only(send(shadow.url, copy())) is Outcome.TLS_ERROR


def test_a_certificate_for_another_name_is_a_tls_error(ca_file: str) -> None:
    with RecordingShadow(tls=certificates.context("elsewhere.example")) as shadow:
        assert only(send(shadow.url, copy(), ca_file=ca_file)) is Outcome.TLS_ERROR
        assert not shadow.requests


def test_a_name_in_the_host_field_is_not_the_one_that_is_verified(ca_file: str) -> None:
    with RecordingShadow(tls=certificates.context("shop.example")) as shadow:
        results = send(shadow.url, copy(host=b"shop.example"), ca_file=ca_file, host="original")
        assert only(results) is Outcome.TLS_ERROR


def test_an_old_protocol_is_a_tls_error(ca_file: str) -> None:
    context = certificates.context("127.0.0.1")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with RecordingShadow(tls=context) as shadow:
        assert only(send(shadow.url, copy(), ca_file=ca_file)) is Outcome.TLS_ERROR


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_shadow_that_wants_a_certificate_is_a_tls_error(ca_file: str, version: ssl.TLSVersion) -> None:
    context = certificates.context("127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = context.maximum_version = version
    with RecordingShadow(tls=context) as shadow:
        outcome = only(send(shadow.url, copy(), ca_file=ca_file))
        assert not shadow.requests
    # From 1.3 on the client is done before it is refused, and may see no more of that than a reset.
    allowed = {Outcome.TLS_ERROR} | ({Outcome.PROTOCOL_ERROR} if version is ssl.TLSVersion.TLSv1_3 else set())
    assert outcome in allowed


def test_plain_http_where_tls_is_due_is_a_tls_error(ca_file: str) -> None:
    def serve(line: Line) -> None:
        line.take_some(1000)
        line.send(reply(400))

    with RecordingShadow(serve=serve) as shadow:
        url = f"https://127.0.0.1:{shadow.port}"
        assert only(send(url, copy(), ca_file=ca_file)) is Outcome.TLS_ERROR


def test_a_handshake_that_hangs_is_a_timeout(ca_file: str) -> None:
    with RecordingShadow(serve=faults.read_nothing) as shadow:
        start = time.monotonic()
        url = f"https://127.0.0.1:{shadow.port}"
        assert only(send(url, copy(timeout=0.3), ca_file=ca_file)) is Outcome.TIMEOUT
        assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.hang, Outcome.TIMEOUT),
        (faults.slow_drip, Outcome.TIMEOUT),
        (faults.reset, Outcome.PROTOCOL_ERROR),
        (faults.close_unanswered, Outcome.PROTOCOL_ERROR),
        (faults.garbage, Outcome.PROTOCOL_ERROR),
        (faults.switch_protocols, Outcome.PROTOCOL_ERROR),
        (faults.endless_body, Outcome.ANSWERED),
    ],
)
def test_faults_behind_tls_have_the_outcomes_that_they_have_before_it(
    ca_file: str, fault: faults.Fault, outcome: Outcome
) -> None:
    with RecordingShadow(serve=fault, tls=certificates.context("127.0.0.1")) as shadow:
        limit = 0.5 if outcome is Outcome.TIMEOUT else 20.0
        one = copy(method="POST", body=b"x", timeout=limit)
        assert only(send(shadow.url, one, ca_file=ca_file)) is outcome
        shadow.wait_until_closed()


def test_a_shadow_that_never_reads_behind_tls_costs_the_time_limit(ca_file: str) -> None:
    context = certificates.context("127.0.0.1")
    with RecordingShadow(serve=faults.read_nothing, tls=context, receive_buffer=4096) as shadow:
        start = time.monotonic()
        one = copy(method="POST", body=b"x" * 5_000_000, timeout=0.5)
        assert only(send(shadow.url, one, ca_file=ca_file)) is Outcome.TIMEOUT
        assert time.monotonic() - start < 5


def test_connections_behind_tls_are_shared(ca_file: str) -> None:
    with RecordingShadow(tls=certificates.context("127.0.0.1")) as shadow:
        results = send_at_once(shadow.url, *(copy() for _ in range(60)), connections=3, ca_file=ca_file)
        assert {outcome for outcome, _ in results} == {Outcome.ANSWERED}
        assert shadow.connections == 3
