from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import pytest

from shadowtap import wire
from shadowtap.cli.asking import ask_at
from shadowtap.courier.listener import Listener, make_way
from shadowtap.courier.place import status_folder, status_path
from shadowtap.exceptions import CourierError
from tests.courier.inside import running

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


def dead_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))


def test_a_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"
    mask = os.umask(0)
    try:

        async def scenario() -> None:
            async with running() as courier:
                listener = await Listener.start(courier, path)
                found = path.stat()
                assert stat.S_IMODE(found.st_mode) == 0o600
                assert found.st_uid == os.geteuid()
                listener.close()

        asyncio.run(scenario())
        assert os.umask(0) == 0, "the process's own mask must stay as it was"
    finally:
        os.umask(mask)


def test_who_connects_is_served_and_the_socket_goes_with_the_listener(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"

    async def scenario() -> wire.Status:
        async with running() as courier:
            listener = await Listener.start(courier, path)
            status = await asyncio.to_thread(ask_at, path)
            listener.close()
            return status

    assert asyncio.run(scenario()).pid == os.getpid()
    assert not path.exists()


def test_a_socket_that_nobody_listens_at_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"
    dead_socket(path)
    make_way(path)
    assert not path.exists()


def test_a_live_courier_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()
        with pytest.raises(CourierError, match="a courier listens there already"):
            make_way(path)
    assert path.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_not_a_socket_is_not_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "courier.sock"
    if kind == "file":
        path.write_text("kept")
    elif kind == "folder":
        path.mkdir()
    else:
        dead_socket(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourierError, match="it exists and is not a socket"):
        make_way(path)
    assert path.exists()


@pytest.mark.parametrize("name", ["no/such/folder/courier.sock", "x" * 120])
def test_a_place_where_nothing_can_listen_is_a_clear_error(tmp_path: Path, name: str) -> None:
    async def scenario() -> None:
        async with running() as courier:
            await Listener.start(courier, tmp_path / name)

    with pytest.raises(CourierError, match="cannot listen at"):
        asyncio.run(scenario())


def test_another_couriers_socket_at_the_same_place_stays(tmp_path: Path) -> None:
    path = tmp_path / "courier.sock"

    async def scenario() -> None:
        async with running() as courier:
            listener = await Listener.start(courier, path)
            path.unlink()
            dead_socket(path)
            listener.close()

    asyncio.run(scenario())
    assert path.exists()


def test_the_folder_of_status_sockets_is_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    path = status_path(4711)
    assert path == tmp_path / "shadowtap" / "courier-4711.sock"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_a_runtime_folder_there_is_one_for_each_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert status_folder() == tmp_path / f"shadowtap-{os.geteuid()}"


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / "shadowtap"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(CourierError, match="not a folder that only this user can write to"):
        status_path(1)


def test_a_link_in_the_place_of_the_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "shadowtap").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourierError, match="not a folder"):
        status_path(1)


@AS_ROOT
def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / "shadowtap"
    folder.mkdir(mode=0o700)
    os.chown(folder, 4711, 4711)
    with pytest.raises(CourierError, match="not a folder"):
        status_path(1)
