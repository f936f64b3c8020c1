from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.courier import quarantine as quarantine_module
from shadowtap.courier.quarantine import Quarantine
from shadowtap.exchange import CapturedRequest

REQUEST = CapturedRequest("POST", "http", b"/a", b"b=1", ((b"host", b"x"),), (b"one", b"two"), "", "")


def changed(**fields: object) -> CapturedRequest:
    return msgspec.structs.replace(REQUEST, **fields)


def test_nothing_is_in_quarantine_at_first() -> None:
    assert REQUEST not in Quarantine()


@pytest.mark.parametrize(
    ("part", "same", "other"),
    [
        ("body", {"path": b"/b", "headers": (), "body": (b"onetwo",)}, {"body": (b"one", b"2")}),
        ("path", {"query": b"", "headers": (), "body": ()}, {"path": b"/b"}),
        ("query", {"path": b"/b", "headers": (), "body": ()}, {"query": b"b=2"}),
        ("headers", {"body": (b"onetwo",)}, {"headers": ((b"host", b"y"),)}),
        ("check", {"client": "192.0.2.1"}, {"body": ()}),
        ("", {"client": "192.0.2.1"}, {"query": b""}),
    ],
)
def test_what_was_at_work_is_refused_wherever_it_comes_again(
    part: str, same: dict[str, object], other: dict[str, object]
) -> None:
    quarantine = Quarantine()
    quarantine.add(REQUEST, part, proven=True)
    assert REQUEST in quarantine
    assert changed(**same) in quarantine
    assert changed(**other) not in quarantine


def test_an_empty_part_is_not_held_against_all_requests_without_it() -> None:
    quarantine = Quarantine()
    quarantine.add(changed(body=()), "body", proven=True)
    assert changed(body=()) in quarantine
    assert changed(body=(), path=b"/b") not in quarantine


def test_a_death_of_unknown_cause_counts_only_when_it_comes_again() -> None:
    quarantine = Quarantine()
    quarantine.add(REQUEST, "body", proven=False)
    assert REQUEST not in quarantine
    quarantine.add(REQUEST, "body", proven=False)
    assert REQUEST in quarantine


def test_the_oldest_are_forgotten_and_all_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine_module, "KNOWN", 2)
    quarantine = Quarantine()
    paths = [changed(path=path) for path in (b"/1", b"/2", b"/3")]
    for request in paths:
        quarantine.add(request, "path", proven=True)
    assert [request in quarantine for request in paths] == [False, True, True]
    quarantine.clear()
    assert not any(request in quarantine for request in paths)


@given(st.binary(min_size=6), st.binary())
def test_no_plaintext_is_kept(body: bytes, path: bytes) -> None:
    quarantine = Quarantine()
    quarantine.add(changed(body=(body,), path=path), "body", proven=True)
    [(part, digest)] = quarantine._strikes
    assert (part, len(digest)) == ("body", 16)
    assert body not in digest
