"""A copy that comes back to a primary is served and not copied again."""

from __future__ import annotations

import time

from shadowtap import signature
from tests.conformance.conftest import Stage
from tests.conformance.primary import KEY, copies, fresh, the_copy


def marks(target: str, id: str, key: str = KEY) -> list[tuple[str, str]]:
    """Return the marks of a copy that another process signed."""
    now = int(time.time())
    signed = signature.sign(key.encode(), method="GET", target=target.encode(), id=id, time=now, body=b"")
    return [("X-Shadow-Request", "true"), ("X-Shadow-Id", id), ("X-Shadow-Signature", signed)]


def test_a_target_that_is_the_primary_itself_makes_one_round(stage: Stage, mark: str) -> None:
    with stage.primary.counted("loop") as counted:
        assert stage.primary.get(f"/echo/loop/{mark}").header("X-Primary") == "v1"
    assert counted == {"answered": 1, "loop": 1}


def test_a_copy_that_another_mirror_signed_is_served_and_not_copied(stage: Stage, mark: str) -> None:
    target = f"/echo/main/{mark}"
    with stage.primary.counted() as counted:
        reply = stage.primary.get(target, headers=marks(target, fresh()))
    assert (reply.status, reply.header("X-Primary")) == (200, "v1")
    assert counted == {"loop": 1}
    assert not copies(stage.main, mark)


def test_a_signature_under_another_key_changes_nothing(stage: Stage, mark: str) -> None:
    target = f"/echo/main/{mark}"
    stage.primary.get(target, headers=marks(target, fresh(), key="another-key-of-32-bytes-or-more!"))
    the_copy(stage.main, mark)


def test_a_signature_of_another_request_changes_nothing(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}", headers=marks("/echo/main/another", fresh()))
    the_copy(stage.main, mark)


def test_the_mark_alone_changes_nothing(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}", headers=[("X-Shadow-Request", "true")])
    the_copy(stage.main, mark)
