from __future__ import annotations

import pytest

from shadowtap.redact import Redactor
from tests.cli.commands import KEY, Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command(monkeypatch, capfdbinary)


@pytest.fixture(scope="session")
def redactor_of_commands() -> Redactor:
    return Redactor(KEY.encode(), timeout=60.0)
