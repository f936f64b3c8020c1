from __future__ import annotations

import subprocess
import sys

import pytest

from shadowtap.telemetry import sdk


def test_without_any_variable_there_is_no_sdk() -> None:
    assert sdk.from_environment() is None


@pytest.mark.parametrize(
    "variables",
    [
        {"OTEL_METRICS_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
        {"OTEL_METRICS_EXPORTER": "console", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_an_sdk_that_is_switched_off_is_not_set_up(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        assert sdk.from_environment() is None


def test_an_exporter_that_is_not_installed_is_said_and_survived(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("OTEL_METRICS_EXPORTER", "nowhere")
        assert sdk.from_environment() is None
    assert "'nowhere' is not installed" in caplog.text


def test_an_endpoint_alone_asks_for_the_otlp_exporter(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        assert sdk._exporter_name() == "otlp"


def test_what_is_counted_reaches_the_exporter_at_the_end() -> None:
    script = """
from shadowtap.outcome import Outcome
from shadowtap.telemetry import sdk
from shadowtap.telemetry.ledger import Ledger
from shadowtap.telemetry.meter import Meter
made = sdk.from_environment()
ledger = Ledger()
Meter(ledger, made.meter)
ledger.refuse(["v2"], Outcome.PAUSED)
made.shutdown()
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"OTEL_METRICS_EXPORTER": "console", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert '"shadowtap.outcome": "paused"' in run.stdout
    assert '"service.name": "shadowtap-courier"' in run.stdout
