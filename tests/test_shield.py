from __future__ import annotations

import logging

import pytest

from shadowtap import shield


@pytest.fixture(autouse=True)
def forget() -> None:
    shield.forget()


def fail(secret: str) -> None:
    raise ValueError(f"cannot handle {secret}")


def test_the_result_of_a_call_is_passed_on() -> None:
    assert shield.shielded("capture", int, "7") == 7


def test_an_error_of_ours_is_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    assert shield.shielded("capture", fail, "4111111111111111") is None
    assert "ValueError in fail (test_shield.py:" in caplog.text
    assert "4111111111111111" not in caplog.text


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_no_error_passes_through(error: type[BaseException]) -> None:
    def leave() -> None:
        raise error

    with pytest.raises(error):
        shield.shielded("capture", leave)


def test_a_kind_of_trouble_is_logged_once_a_minute(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(shield.time, "monotonic", lambda: now[0])
    for _ in range(500):
        shield.report("courier down", "it is down")
    shield.report("another kind", "text")
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    now[0] += shield.INTERVAL
    shield.report("courier down", "it is down")
    assert "(499 more like it were not logged)" in caplog.text
