"""What several tests of the courier share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from shadowtap import shield
from shadowtap.courier import redactors
from tests.courier.inside import FakeRedactor, as_it_is


@pytest.fixture
def redactor(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeRedactor]]:
    """Replace redaction by one that is there at once and that a test can hold or have fail."""
    monkeypatch.setattr(redactors, "Redactor", FakeRedactor)
    FakeRedactor.redacted = staticmethod(as_it_is)
    FakeRedactor.go.set()
    yield FakeRedactor
    FakeRedactor.go.set()


@pytest.fixture(autouse=True)
def nothing_was_logged_before(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Begin with no trouble logged, so that the first of each kind is."""
    shield.forget()
    caplog.set_level(logging.INFO)
    yield
    shield.forget()
