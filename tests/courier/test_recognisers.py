"""A courier with recognisers of the user's, and with ones that cannot be had or do not work."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from shadowtap import wire
from tests.courier.inside import Web, configured, running
from tests.redact import recognisers_of_users as users
from tests.support.exchanges import exchange
from tests.support.shadow import RecordingShadow


@pytest.fixture
def shadow() -> Iterator[RecordingShadow]:
    with RecordingShadow() as running_shadow:
        yield running_shadow


def mirrored(shadow: RecordingShadow, *paths: bytes, **settings: Any) -> tuple[dict[str, int], Web]:
    """Have requests for these paths mirrored by one courier; return the outcomes and what was heard."""

    async def scenario() -> tuple[dict[str, int], Web]:
        async with running() as courier:
            web = await configured(courier, shadow.url, redact_timeout="30s", **settings)
            for number, path in enumerate(paths):
                web.give(exchange(path))
                await web.wait_for(number + 1)
            return web.outcomes(), web

    return asyncio.run(scenario())


def troubles(web: Web) -> list[str]:
    return [frame.text for frame in web.heard if isinstance(frame, wire.Trouble)]


def test_without_a_recogniser_that_was_asked_for_nothing_is_sent(
    shadow: RecordingShadow, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes, web = mirrored(shadow, b"/a", b"/b", b"/c", redact_recognisers="no_such_package.x:y")
    assert outcomes == {"redaction_failed": 3}
    assert shadow.requests == []
    line = "redact_recognisers: no_such_package.x:y cannot be imported: No module named 'no_such_package'"
    assert troubles(web) == [f"{line}; such copies are not sent"]
    assert [record.getMessage() for record in caplog.records if "redact" in record.getMessage()] == [
        f"redaction failed: {line}; such copies are not sent"
    ]


def test_a_recogniser_that_fails_costs_its_copy_and_no_other(
    shadow: RecordingShadow, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes, web = mirrored(
        shadow, b"/trouble-4711", b"/fine", redact_recognisers=[users.path("Fails")], redact_countries=["uk"]
    )
    assert outcomes == {"redaction_failed": 1, "answered": 1}
    assert [request.target for request in shadow.requests] == [b"/fine"]
    assert troubles(web) == ["recogniser Fails: KeyError; such copies are not sent"]
    assert "4711" not in caplog.text


def test_a_recogniser_that_never_works_is_told_with_each_copy(shadow: RecordingShadow) -> None:
    outcomes, web = mirrored(shadow, b"/fine", redact_recognisers=users.path("Leaves"))
    assert outcomes == {"redaction_failed": 1}
    assert troubles(web) == ["recogniser Leaves: SystemExit; such copies are not sent"]
