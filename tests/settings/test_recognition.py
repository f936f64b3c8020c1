from __future__ import annotations

from typing import Any

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.handover.writer import configure
from shadowtap.settings import load


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("model", "en_core_web_sm", "en_core_web_sm"),
        ("model", " /models/de-1.2 ", "/models/de-1.2"),
        ("recognisers", "acme.pii:Badge, acme.pii:more.badge", ("acme.pii:Badge", "acme.pii:more.badge")),
        ("recogniser_file", "/etc/recognisers.yaml", "/etc/recognisers.yaml"),
        ("countries", "UK, de,uk", ("uk", "de")),
    ],
)
def test_what_is_legal_is_taken_and_told_to_the_courier(variable: str, value: str, expected: Any) -> None:
    settings = load(environ={f"SHADOWTAP_REDACT_{variable.upper()}": value})
    assert getattr(settings, f"redact_{variable}") == expected
    assert getattr(configure(settings), f"redact_{variable}") == expected


@pytest.mark.parametrize(
    ("field", "value", "legal"),
    [
        ("model", "en core", "the name of a spaCy model package"),
        ("model", "models\\x", "the name of a spaCy model package"),
        ("model", 7, "the name of a spaCy model package"),
        ("recognisers", "acme.pii.Badge", "package.module:name"),
        ("recognisers", "acme.pii:Badge()", "package.module:name"),
        ("recognisers", ".pii:Badge", "package.module:name"),
        ("recognisers", [None], "package.module:name"),
        ("countries", "gb", "one of: au"),
        ("countries", 44, "a list"),
    ],
)
def test_what_is_not_legal_is_refused(field: str, value: object, legal: str) -> None:
    with pytest.raises(SettingsError, match=legal):
        load(environ={}, **{f"redact_{field}": value})
