"""Answers that take their time or fail, and what is no request at all."""

from __future__ import annotations

import base64
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from tests.conformance.conftest import Stage
from tests.conformance.primary import copies, the_copy
from tests.support.waiting import until

UPGRADE = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]


def test_the_copy_of_a_streaming_answer_does_not_wait_for_its_end(stage: Stage, mark: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        streaming = pool.submit(stage.primary.get, f"/events/main/{mark}?seconds=2")
        copy = the_copy(stage.main, mark)
        assert not streaming.done()
        reply = streaming.result()
    assert reply.status == 200
    assert reply.body == b"data: tick\n\n" * (len(reply.body) // 12)
    assert len(reply.body) > 120
    assert reply.seconds >= 2
    assert copies(stage.main, mark) == [copy]


def test_a_stream_is_passed_on_piece_by_piece(stage: Stage, mark: str) -> None:
    request = (
        f"GET /events/main/{mark}?seconds=0.5 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
    )
    start = time.monotonic()
    with socket.create_connection(stage.primary.address, timeout=20) as client:
        client.sendall(request.encode())
        receive_until(client, b"tick")
        first = time.monotonic() - start
        while client.recv(65536):
            pass
    assert first < 0.5
    the_copy(stage.main, mark)


def test_a_client_that_leaves_a_stream_changes_nothing_for_others(stage: Stage, mark: str) -> None:
    request = f"GET /events/main/{mark}?seconds=1.5 HTTP/1.1\r\nHost: shop.example\r\n\r\n"
    with socket.create_connection(stage.primary.address, timeout=20) as client:
        client.sendall(request.encode())
        assert client.recv(65536)
    assert stage.primary.get(f"/echo/second/{mark}").status == 200
    the_copy(stage.main, mark)  # the answer had begun, so the request counts as served
    until(lambda: stage.primary.ask("process")["open"] == 0, what="nothing is left of the request")


def test_an_app_that_raises_fails_as_it_does_without_a_mirror(stage: Stage, mark: str) -> None:
    reply = stage.primary.get(f"/raise/main/{mark}")
    assert reply.status == 500
    assert b"Internal Server Error" in reply.body
    stage.primary.server.wait_for_output("RuntimeError: the app's own")
    the_copy(stage.main, mark)


def test_the_copy_of_a_slow_request_waits_for_its_answer(stage: Stage, mark: str) -> None:
    start = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(stage.primary.get, f"/slow/main/{mark}?seconds=0.6")
        assert the_copy(stage.main, mark).time - start > 0.6
        assert slow.result().body == b"late"


def test_a_request_whose_client_has_gone_is_accounted_for(stage: Stage, mark: str) -> None:
    request = f"GET /slow/main/{mark}?seconds=0.5 HTTP/1.1\r\nHost: shop.example\r\n\r\n"
    with stage.primary.counted() as counted:
        with socket.create_connection(stage.primary.address) as client:
            client.sendall(request.encode())
            until(lambda: stage.primary.ask("process")["open"] == 1, what="the request has begun")
        until(lambda: stage.primary.ask("process")["open"] == 0, what="the request is over")
    # An app that does not look for the client serves the request all the same.
    assert counted in ({"answered": 1}, {"client_aborted": 1})


def test_an_upgrade_is_passed_on_and_counted(stage: Stage, mark: str) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    with stage.primary.counted() as counted:
        if stage.primary.kind == "asgi":
            assert chat(stage, key).startswith(b"\x81\x05hello")
        else:
            # Flask has no route for it, and says so.
            upgrade = [*UPGRADE, ("Sec-WebSocket-Key", key)]
            assert stage.primary.get(f"/echo/main/{mark}", headers=upgrade).status == 400
    assert counted == {"upgrade": 1}
    assert not copies(stage.main, mark)


def chat(stage: Stage, key: str) -> bytes:
    """Say hello over a websocket and return the frame that comes back."""
    head = "".join(f"{name}: {value}\r\n" for name, value in [*UPGRADE, ("Sec-WebSocket-Key", key)])
    with socket.create_connection(stage.primary.address, timeout=20) as client:
        client.sendall(f"GET /chat HTTP/1.1\r\nHost: shop.example\r\n{head}\r\n".encode())
        assert receive_until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        mask = b"\1\2\3\4"
        client.sendall(b"\x81\x85" + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(b"hello")))
        return receive_until(client, b"hello")


def receive_until(client: socket.socket, end: bytes) -> bytes:
    """Receive until this has come."""
    received = b""
    while end not in received:
        piece = client.recv(65536)
        assert piece, f"closed after {received!r}"
        received += piece
    return received
