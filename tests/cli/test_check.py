from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from shadowtap import cli

STRONG = "5f1d7ab2c0e94834a6b17f0c92d3e8415f1d7ab2c0e94834a6b17f0c92d3e841"
OTHER = "0c92d3e8415f1d7ab2c0e94834a6b17f0c92d3e8415f1d7ab2c0e94834a6b17f"


class Shadow(http.server.BaseHTTPRequestHandler):
    guarded = True

    def do_HEAD(self) -> None:
        self.server.seen.append(dict(self.headers))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        if self.server.guarded:  # type: ignore[attr-defined]
            self.send_header("Server-Timing", "shadowtap;dur=0.1")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def shadow() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Shadow)
    server.seen, server.guarded, server.status = [], True, 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def check(*arguments: str, **settings: object) -> tuple[int, str]:
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"SHADOWTAP_{name.upper()}", str(value))
            status = cli.main(["check", *arguments])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return check


def url(server: http.server.HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def test_a_sound_configuration_passes_without_warnings(checked, shadow) -> None:
    status, said = checked("--strict", target=url(shadow), key=STRONG, redact_key=OTHER, **{"for": "2h"})
    assert status == 0, said
    assert "courier: starts in" in said
    assert "✗" not in said
    assert "! " not in said


def test_the_probe_is_a_signed_copy(checked, shadow) -> None:
    checked(target=url(shadow), key=STRONG)
    assert shadow.seen[0]["X-Shadow-Request"] == "true"
    assert shadow.seen[0]["X-Shadow-Signature"].startswith("v1;t=")


def test_a_target_that_cannot_be_reached_fails(checked) -> None:
    status, said = checked(target="http://127.0.0.1:9")
    assert status == 1
    assert "cannot be reached" in said


def test_a_target_without_a_guard_is_warned_of(checked, shadow) -> None:
    shadow.guarded = False
    status, said = checked(target=url(shadow))
    assert status == 0
    assert "no guard answered" in said
    assert checked("--strict", target=url(shadow))[0] == 1


def test_a_guard_with_another_key_fails(checked, shadow) -> None:
    shadow.guarded, shadow.status = False, 403
    status, said = checked(target=url(shadow), key=STRONG)
    assert status == 1
    assert "refuses our copies" in said


def test_no_target_means_that_mirroring_is_off(checked) -> None:
    status, said = checked()
    assert status == 1
    assert "set SHADOWTAP_TARGET" in said


@pytest.mark.parametrize(
    ("settings", "warning"),
    [
        ({}, "end: none"),
        ({}, "key: none"),
        ({}, "redact_key: none"),
        ({"key": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "key: weak"),
        ({"key": "0123456789abcdef"}, "key: weak"),
        ({"key": STRONG, "redact_key": STRONG}, "the same as key"),
        ({"percent": "0"}, "nothing is mirrored to it"),
        ({"enabled": "0"}, "enabled: off"),
        ({"max_body": "64MiB"}, "the largest copies never fit"),
    ],
)
def test_what_is_unwise_is_warned_of(checked, shadow, settings, warning) -> None:
    _status, said = checked(target=url(shadow), **settings)
    assert warning in said


def test_an_end_that_has_passed_fails(checked, shadow) -> None:
    status, said = checked(target=url(shadow), until="2020-01-01T00:00:00Z")
    assert status == 1
    assert "has passed" in said


def test_a_wrong_setting_exits_with_2_and_is_named(checked) -> None:
    status, said = checked(percent="101")
    assert status == 2
    assert "SHADOWTAP_PERCENT" in said


def test_recognisers_that_are_there_pass(checked, shadow) -> None:
    recogniser = "presidio_analyzer.predefined_recognizers:UkNinoRecognizer"
    status, said = checked(target=url(shadow), redact_recognisers=recogniser, redact_countries="uk,sg")
    assert status == 0, said
    assert "redaction: model and recognisers are loaded and work" in said


def test_a_recogniser_that_a_courier_could_not_import_fails(checked, shadow) -> None:
    status, said = checked(target=url(shadow), redact_recognisers="no_such_package.x:y")
    assert status == 1
    assert "redaction: redact_recognisers: no_such_package.x:y cannot be imported" in said


def test_a_shared_courier_that_is_not_there_fails(checked, shadow, tmp_path) -> None:
    status, said = checked(target=url(shadow), courier=f"unix://{tmp_path}/none.sock")
    assert status == 1
    assert "no courier at" in said


def test_a_shadow_is_checked_for_its_guard(checked) -> None:
    status, said = checked(role="shadow", guard="off")
    assert status == 1
    assert "guard: off" in said
    status, said = checked("--strict", role="shadow", guard="always", key=STRONG)
    assert status == 0, said


def test_no_key_is_ever_printed(checked, shadow) -> None:
    _status, said = checked(target=url(shadow), key=STRONG, redact_key=OTHER)
    assert STRONG not in said
    assert OTHER not in said


def test_a_rule_that_keeps_everything_is_warned_of(checked, shadow, tmp_path) -> None:
    config = tmp_path / "s.toml"
    config.write_text(
        '[[redact]]\npath = "body.note"\naction = "keep"\n[[redact]]\npath = "**"\naction = "keep"\n'
    )
    _, said = checked("--config", str(config), target=url(shadow), key=STRONG, redact_key=OTHER)
    assert "rule 2 keeps everything under **" in said
    assert "rule 1" not in said
