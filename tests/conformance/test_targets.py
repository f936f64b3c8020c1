"""Several targets: each gets its copy, whatever the others do."""

from __future__ import annotations

from tests.conformance.conftest import Stage
from tests.conformance.primary import copies, fresh, the_copy


def test_each_target_of_a_rule_gets_each_request_once(stage: Stage) -> None:
    ids = [fresh() for _ in range(10)]
    with stage.primary.counted("second") as second, stage.primary.counted("third") as third:
        for one in ids:
            assert stage.primary.get(f"/echo/both/{one}").header("X-Primary") == "v1"
    assert second == third == {"answered": 10}
    for name in ("second", "third"):
        assert [len(copies(stage.shadows[name], one)) for one in ids] == [1] * 10


def test_the_copies_of_a_request_share_an_id_and_what_was_redacted(stage: Stage, mark: str) -> None:
    stage.primary.post_json(f"/echo/both/{mark}", {"email": "ada@example.net", "sku": "TEA"})
    second, third = (the_copy(stage.shadows[name], mark) for name in ("second", "third"))
    assert second.header("X-Shadow-Id") == third.header("X-Shadow-Id")
    assert second.body == third.body
    assert b"ada@example.net" not in second.body


def test_a_target_that_a_rule_leaves_out_accounts_for_it(stage: Stage) -> None:
    with stage.primary.counted("main") as counted:
        stage.primary.get(f"/echo/both/{fresh()}")
    assert counted == {"excluded": 1}
