"""Redactors by settings: shared where nothing differs, and no more of them than are of use."""

from __future__ import annotations

from typing import Any

import pytest

from shadowtap import wire
from shadowtap.courier import redactors as redactors_module
from shadowtap.courier.redactors import Redactors
from shadowtap.exchange import RedactedRequest
from tests.courier.inside import FakeRedactor, as_it_is, configuration
from tests.support.exchanges import exchange

CHANGES: list[dict[str, Any]] = [
    {"redact_key": "k" * 32},
    {"redact_timeout": "1s"},
    {"redact_strict": True},
    {"redact": [{"path": "body.a", "action": "keep"}]},
    {"redact": [{"path": "body.a", "action": "drop"}]},
]


class Noted(FakeRedactor):
    """Notes with which settings it was made."""

    made: list[dict[str, object]]

    def __init__(self, key: bytes | None, **settings: object) -> None:
        super().__init__(key, **settings)
        self.made.append(settings)


@pytest.fixture(autouse=True)
def noted(monkeypatch: pytest.MonkeyPatch) -> type[Noted]:
    monkeypatch.setattr(Noted, "made", [], raising=False)
    monkeypatch.setattr(Noted, "redacted", staticmethod(as_it_is), raising=False)
    monkeypatch.setattr(redactors_module, "Redactor", Noted)
    Noted.go.set()
    return Noted


def redact(redactors: Redactors, configuration: wire.Configure) -> None:
    result = redactors.redact(configuration, exchange().request, (), lambda _: None)
    assert isinstance(result, RedactedRequest)


def test_settings_that_do_not_concern_redaction_share_a_redactor(noted: type[Noted]) -> None:
    redactors = Redactors()
    redact(redactors, configuration())
    redact(redactors, configuration(connections=3, timeout="7s"))
    assert len(noted.made) == 1


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_settings_of_redaction_have_a_redactor_of_their_own(
    noted: type[Noted], change: dict[str, Any]
) -> None:
    redactors = Redactors()
    for settings in ({}, change, {}, change):
        redact(redactors, configuration(**settings))
    assert len(noted.made) == 2


def test_redactors_of_settings_that_hold_no_more_are_let_go(noted: type[Noted]) -> None:
    redactors = Redactors()
    for _ in range(2):
        redactors.prepare([configuration(), configuration(redact_strict=True)])
        redactors.prepare([configuration()])
    assert [made["strict"] for made in noted.made] == [False, True, True]
