"""Rules of redaction in the settings file: what an edit changes about copies, without a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.conftest import Stage
from tests.conformance.primary import fresh, primary, the_copy
from tests.support.shadow import RecordingShadow

ORDER = {"coupon": "SPRING", "memo": "at noon in Rome", "password": "correct-horse-7"}
KEEP_MEMO = {"path": "body.memo", "action": "keep"}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with RecordingShadow() as shadow:
        settings = settings_for(shadow)
        with primary("wsgi", tmp_path_factory.mktemp("redaction"), settings) as one:
            yield Stage(one, {"main": shadow})


def settings_for(shadow: RecordingShadow, **more: Any) -> dict[str, Any]:
    return {
        "targets": [{"name": "main", "url": shadow.url}],
        "timeout": "60s",
        "redact_key": "r" * 32,
        **more,
    }


def sent(stage: Stage, **settings: Any) -> dict[str, str]:
    """Return the body of a copy under these settings."""
    stage.primary.configure(settings_for(stage.main, **settings))
    mark = fresh()
    stage.primary.post_json(f"/echo/{mark}", ORDER)
    body: dict[str, str] = json.loads(the_copy(stage.main, mark).body)
    return body


def test_an_edited_rule_reaches_the_next_copies(edited: Stage) -> None:
    before = sent(edited)
    assert (before["coupon"], len(before["memo"])) == ("SPRING", len(ORDER["memo"]))
    assert before["memo"] != ORDER["memo"]
    kept = sent(edited, redact=[KEEP_MEMO, {"path": "**.coupon", "action": "drop"}])
    assert (kept["coupon"], kept["memo"]) == ("", ORDER["memo"])
    assert kept["password"] == before["password"] != ORDER["password"]
    assert sent(edited) == before


def test_strict_mode_reaches_the_next_copies(edited: Stage) -> None:
    assert sent(edited, redact_strict=True)["coupon"] != "SPRING"
    assert (
        sent(edited, redact_strict=True, redact=[{"path": "body.coupon", "action": "keep"}])["coupon"]
        == "SPRING"
    )
    assert sent(edited)["coupon"] == "SPRING"


def test_an_edit_that_is_not_legal_changes_nothing(edited: Stage) -> None:
    assert sent(edited, redact=[KEEP_MEMO])["memo"] == ORDER["memo"]
    edited.primary.spoil('[[redact]]\npath = "memo"\naction = "keep"\n')
    edited.primary.server.wait_for_output("redact rule 1 in ")
    mark = fresh()
    edited.primary.post_json(f"/echo/{mark}", ORDER)
    assert json.loads(the_copy(edited.main, mark).body)["memo"] == ORDER["memo"]
