from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from shadowtap import wire
from shadowtap.handover import session as session_module
from shadowtap.handover.parcel import LARGE, pack
from shadowtap.handover.session import Session
from shadowtap.outcome import Outcome
from shadowtap.settings import load
from shadowtap.telemetry.ledger import Ledger
from tests.support.exchanges import exchange


class Play(NamedTuple):
    """A session, the other end of its connection, and the account."""

    session: Session
    peer: socket.socket
    ledger: Ledger
    durations: list[tuple[str, list[float]]]

    def give(self, *targets: str) -> None:
        """Give an exchange for these targets, as the hand-over does."""
        self.ledger.accept(targets)
        self.session.give([pack(exchange(targets=targets))])
        self.session.turn(0)

    def say(self, *frames: wire.Frame) -> None:
        """Have the courier say something, and hear it."""
        for frame in frames:
            self.peer.sendall(wire.encode(frame))
        self.session.turn(1)

    def outcomes(self, target: str = "shadow") -> dict[str, int]:
        return self.ledger.outcomes().get(target, {})


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    path = tmp_path / "courier.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        ledger, durations = Ledger(), []
        settings = load(environ={}, target="http://shadow.example", courier=f"unix://{path}")
        session = Session(settings, ledger, lambda target, seconds: durations.append((target, list(seconds))))
        peer, _ = listener.accept()
        with peer:
            yield Play(session, peer, ledger, durations)
        session.end(Outcome.SHUTDOWN)


def test_what_the_courier_reports_is_counted(play: Play) -> None:
    play.give("shadow")
    play.say(wire.Tally({"shadow": {"answered": 1}}))
    assert play.outcomes() == {"answered": 1}
    assert play.session.unsettled == 0


def test_a_report_holds_totals_so_that_saying_it_again_changes_nothing(play: Play) -> None:
    for _ in range(3):
        play.give("shadow")
    play.say(wire.Tally({"shadow": {"answered": 1}}), wire.Tally({"shadow": {"answered": 1}}))
    play.say(wire.Tally({"shadow": {"answered": 2, "timeout": 1}}))
    assert play.outcomes() == {"answered": 2, "timeout": 1}
    assert play.ledger.pending() == {"shadow": 0}


def test_each_target_has_its_own_account(play: Play) -> None:
    play.give("shadow", "second")
    play.say(wire.Tally({"second": {"timeout": 1}}))
    assert (play.outcomes(), play.outcomes("second")) == ({}, {"timeout": 1})
    assert play.session.unsettled == 1


def test_what_is_not_reported_by_the_end_is_counted_then(play: Play) -> None:
    for _ in range(3):
        play.give("shadow")
    play.say(wire.Tally({"shadow": {"answered": 1}}))
    play.session.end(Outcome.COURIER_DOWN)
    assert play.outcomes() == {"answered": 1, "courier_down": 2}


def test_a_second_end_counts_nothing(play: Play) -> None:
    play.give("shadow")
    play.session.end(Outcome.COURIER_DOWN)
    play.session.end(Outcome.SHUTDOWN)
    assert play.outcomes() == {"courier_down": 1}


def test_how_long_answers_took_is_passed_on(play: Play) -> None:
    play.say(wire.Tally({}, {"shadow": [0.1, 0.2]}))
    assert play.durations == [("shadow", [0.1, 0.2])]


def test_a_trouble_is_logged_once(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    play.say(wire.Trouble("timeout", "copies to shadow end in timeout"), wire.Trouble("timeout", "again"))
    assert caplog.messages == ["timeout: copies to shadow end in timeout"]


def test_a_courier_with_work_and_without_a_sign_of_life_is_not_alive(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "WEDGED", -5.0)  # less the time limit of copies, five seconds
    play.session.turn(0)
    play.give("shadow")
    assert not play.session.alive


def test_a_courier_without_work_may_be_silent(play: Play) -> None:
    play.give("shadow")
    play.say(wire.Tally({"shadow": {"answered": 1}}))
    play.session._sign -= 100
    play.session.turn(0)
    assert play.session.alive


def test_a_courier_may_be_silent_for_as_long_as_copies_may_take(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        settings = load(environ={}, target="http://shadow.example", courier=f"unix://{path}", timeout="10m")
        session = Session(settings, Ledger(), lambda *_: None)
        session.give([pack(exchange())])
        session._sign -= 640
        assert session.alive
        session._sign -= 40
        assert not session.alive
        session.end(Outcome.SHUTDOWN)


def test_an_exchange_that_cannot_be_encoded_takes_no_other_along(play: Play) -> None:
    # A lone surrogate has no bytes. What is large is encoded here, what is not before.
    odd = pack(exchange(method="\udcff", body=bytes(LARGE + 1)))
    play.ledger.accept(("shadow",) * 3)
    play.session.give([pack(exchange(b"/1")), odd, pack(exchange(b"/2"))])
    play.session.turn(0)
    received = [wire.decode(p) for p in wire.FrameReader().feed(play.peer.recv(65536))]
    assert [frame.request.path for frame in received] == [b"/1", b"/2"]
    assert play.outcomes() == {"redaction_failed": 1}
    assert play.session.unsettled == 2
