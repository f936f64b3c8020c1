from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowtap import wire
from shadowtap.exceptions import CourierError
from shadowtap.handover.link import Link, connect
from tests.support.exchanges import exchange


@pytest.fixture
def ends() -> Iterator[tuple[Link, socket.socket]]:
    ours, theirs = socket.socketpair()
    link = Link(ours)
    with theirs:
        yield link, theirs
    link.close()


def test_frames_arrive_at_the_other_end(ends: tuple[Link, socket.socket]) -> None:
    link, peer = ends
    link.queue(wire.StatusQuery())
    link.turn(0)
    assert link.flushed
    assert [wire.decode(p) for p in wire.FrameReader().feed(peer.recv(1000))] == [wire.StatusQuery()]


def test_frames_that_come_back_are_returned(ends: tuple[Link, socket.socket]) -> None:
    link, peer = ends
    peer.sendall(wire.encode(wire.Trouble("kind", "text")))
    assert link.turn(5) == [wire.Trouble("kind", "text")]


def test_a_peer_that_reads_nothing_does_not_block(ends: tuple[Link, socket.socket]) -> None:
    link, _peer = ends
    link.queue(exchange(body=b"x" * 10_000_000))
    link.turn(0)
    assert not link.flushed
    assert link.alive


def test_a_frame_larger_than_the_kernels_buffer_arrives_whole(ends: tuple[Link, socket.socket]) -> None:
    link, peer = ends
    sent = exchange(body=b"x" * 5_000_000)
    link.queue(sent)
    reader, received = wire.FrameReader(), []
    peer.settimeout(5)
    while not received:
        link.turn(0)
        received = list(reader.feed(peer.recv(1 << 20)))
    assert wire.decode(received[0]) == sent
    assert link.flushed


def test_a_peer_that_hangs_up_is_noticed(ends: tuple[Link, socket.socket]) -> None:
    link, peer = ends
    peer.close()
    link.queue(wire.StatusQuery())
    link.turn(0.1)
    assert not link.alive


def test_a_peer_that_talks_nonsense_is_given_up(ends: tuple[Link, socket.socket]) -> None:
    link, peer = ends
    peer.sendall(b"\x00\x00\x00\x02{}")
    link.turn(1)
    assert not link.alive


def test_a_path_without_a_courier_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CourierError, match="no courier at"):
        connect(str(tmp_path / "none.sock"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a socket away")
def test_a_socket_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        os.chown(path, 4711, 4711)
        with pytest.raises(CourierError, match="belongs to user 4711"):
            connect(str(path))
