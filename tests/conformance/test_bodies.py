"""Bodies and their framing: how much of one is copied, and what the app gets of it meanwhile."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest

from tests.conformance.conftest import MAX_BODY, Stage
from tests.conformance.primary import copies, fields, the_copy
from tests.support.servers import raw_request
from tests.support.waiting import until

JSON = [("Content-Type", "application/json")]


def body_of(size: int) -> bytes:
    """Return a JSON text of so many bytes, with nothing personal in it."""
    return b'{"sku":"TEA-050","unit":"g"' + b" " * (size - 28) + b"}"


def chunked(head: str, *chunks: bytes) -> Iterator[bytes]:
    """Yield the pieces of a request whose body comes in chunks."""
    yield f"{head}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    for chunk in chunks:
        yield b"%x\r\n%b\r\n" % (len(chunk), chunk)
    yield b"0\r\n\r\n"


def post(path: str) -> str:
    return f"POST {path} HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json"


def answer_of(raw: bytes) -> dict[str, object]:
    """Return the JSON in a raw answer that did not come in chunks."""
    found: dict[str, object] = json.loads(raw.partition(b"\r\n\r\n")[2])
    return found


def test_a_get_has_no_body_and_no_framing(stage: Stage, mark: str) -> None:
    stage.primary.get(f"/echo/main/{mark}")
    copy = the_copy(stage.main, mark)
    assert not {"content-length", "transfer-encoding", "content-type"} & dict(fields(copy)).keys()


def test_an_empty_body_is_declared_as_empty(stage: Stage, mark: str) -> None:
    stage.primary.send("POST", f"/echo/main/{mark}", body=b"")
    copy = the_copy(stage.main, mark)
    assert (copy.body, copy.header("Content-Length")) == (b"", b"0")


def test_an_empty_body_of_unknown_length_is_copied_as_empty(stage: Stage, mark: str) -> None:
    raw = raw_request(stage.primary.address, chunked(post(f"/echo/main/{mark}")))
    assert answer_of(raw)["size"] == 0
    copy = the_copy(stage.main, mark)
    assert (copy.body, copy.header("Content-Length"), copy.header("Transfer-Encoding")) == (b"", b"0", None)


def test_a_body_that_is_not_ascii_arrives(stage: Stage, mark: str) -> None:
    body = {"sku": "ČAJ-050", "unit": "µg", "shrug": "(ツ)"}
    stage.primary.send(
        "POST", f"/echo/main/{mark}", headers=JSON, body=json.dumps(body, ensure_ascii=False).encode()
    )
    copy = the_copy(stage.main, mark)
    assert json.loads(copy.body) == body
    assert copy.header("Content-Length") == str(len(copy.body)).encode()


def test_a_body_of_just_the_limit_is_copied(stage: Stage, mark: str) -> None:
    body = body_of(MAX_BODY)
    assert (
        stage.primary.send("POST", f"/echo/main/{mark}", headers=JSON, body=body).json()["size"] == MAX_BODY
    )
    assert json.loads(the_copy(stage.main, mark).body) == json.loads(body)


def test_a_body_over_the_limit_reaches_the_app_alone(stage: Stage, mark: str) -> None:
    with stage.primary.counted() as counted:
        body = body_of(MAX_BODY + 1)
        assert (
            stage.primary.send("POST", f"/echo/main/{mark}", headers=JSON, body=body).json()["size"]
            == MAX_BODY + 1
        )
    assert counted == {"body_too_large": 1}
    assert not copies(stage.main, mark)


def test_a_chunked_body_over_the_limit_reaches_the_app_alone(stage: Stage, mark: str) -> None:
    chunks = [body_of(MAX_BODY)] * 3
    with stage.primary.counted() as counted:
        raw = raw_request(stage.primary.address, chunked(post(f"/echo/main/{mark}"), *chunks))
        assert answer_of(raw)["size"] == 3 * MAX_BODY
    assert counted == {"body_too_large": 1}
    assert not copies(stage.main, mark)


def test_a_chunked_body_is_copied_with_a_length_and_no_chunks(stage: Stage, mark: str) -> None:
    body = body_of(3000)
    pieces = chunked(post(f"/echo/main/{mark}"), body[:10], body[10:2000], body[2000:])
    assert answer_of(raw_request(stage.primary.address, pieces))["size"] == 3000
    copy = the_copy(stage.main, mark)
    assert json.loads(copy.body) == json.loads(body)
    assert copy.header("Content-Length") == str(len(copy.body)).encode()
    assert copy.header("Transfer-Encoding") is None


def test_a_chunked_body_that_redaction_shortens_has_its_own_length(stage: Stage, mark: str) -> None:
    body = json.dumps({"name": "Wolfgang Amadeus Mozart", "email": "w@m.example", "sku": "TEA"}).encode()
    raw_request(stage.primary.address, chunked(post(f"/echo/main/{mark}"), body[:7], body[7:]))
    copy = the_copy(stage.main, mark)
    assert b"Mozart" not in copy.body
    assert json.loads(copy.body)["sku"] == "TEA"
    assert copy.header("Content-Length") == str(len(copy.body)).encode()


def test_a_client_that_waits_for_100_continue_gets_it_and_the_copy_does_not_expect_it(
    stage: Stage, mark: str
) -> None:
    body = body_of(400)
    framing = f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\nConnection: close"
    head = f"{post(f'/echo/main/{mark}')}\r\n{framing}"
    with socket.create_connection(stage.primary.address, timeout=20) as client:
        client.sendall(f"{head}\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    assert b" 200 OK" in answer
    copy = the_copy(stage.main, mark)
    assert "expect" not in dict(fields(copy))
    assert json.loads(copy.body) == json.loads(body)


def test_a_client_that_goes_away_in_its_body_leaves_no_copy(stage: Stage, mark: str) -> None:
    with stage.primary.counted() as counted:
        with socket.create_connection(stage.primary.address) as client:
            client.sendall(
                f"{post(f'/echo/main/{mark}')}\r\nContent-Length: 20000\r\n\r\n".encode() + body_of(9000)
            )
        until(lambda: stage.primary.ask("process")["open"] == 0, what="the request is over")
    assert counted == {"client_aborted": 1}
    assert not copies(stage.main, mark)
    assert stage.primary.ask("process")["open"] == 0


def test_a_body_shorter_than_its_declared_length_leaves_no_copy(stage: Stage, mark: str) -> None:
    head = f"{post(f'/echo/main/{mark}')}\r\nContent-Length: 500\r\nConnection: close\r\n\r\n".encode()
    with stage.primary.counted() as counted, socket.create_connection(stage.primary.address) as client:
        client.sendall(head + body_of(300))
        client.shutdown(socket.SHUT_WR)
        client.settimeout(20)
        while client.recv(65536):
            pass
    assert counted == {"client_aborted": 1}


def test_a_body_longer_than_its_declared_length_is_cut_for_both(stage: Stage, mark: str) -> None:
    body = body_of(300)
    head = (
        f"{post(f'/echo/main/{mark}')}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    )
    raw = raw_request(stage.primary.address, head + body + b"GARBAGE" * 10)
    assert answer_of(raw)["size"] == len(body)
    assert json.loads(the_copy(stage.main, mark).body) == json.loads(body)


def test_a_body_that_the_app_did_not_read_is_not_copied(stage: Stage, mark: str) -> None:
    with stage.primary.counted() as counted:
        reply = stage.primary.send("POST", f"/unread/main/{mark}", headers=JSON, body=body_of(MAX_BODY // 2))
        assert (reply.status, reply.body) == (413, b"too much")
    assert counted == {"body_unread": 1}
    assert not copies(stage.main, mark)


def test_a_format_that_redaction_does_not_know_is_not_sent(stage: Stage, mark: str) -> None:
    binary = [("Content-Type", "application/octet-stream")]
    with stage.primary.counted() as counted:
        assert (
            stage.primary.send("POST", f"/echo/main/{mark}", headers=binary, body=bytes(999)).json()["size"]
            == 999
        )
    assert counted == {"unsupported_body": 1}
    assert not copies(stage.main, mark)


@pytest.mark.parametrize("size", [1_000_000, 5_000_000])
def test_a_large_upload_takes_no_longer_for_being_mirrored(stage: Stage, mark: str, size: int) -> None:
    reply = stage.primary.send("POST", f"/echo/main/{mark}", headers=JSON, body=body_of(size))
    assert (reply.status, reply.json()["size"]) == (200, size)
    assert reply.seconds < 2


def test_a_slow_upload_reaches_the_app_piece_by_piece(stage: Stage, mark: str) -> None:
    body = body_of(600)
    head = (
        f"{post(f'/echo/main/{mark}')}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    )

    def pieces() -> Iterator[bytes]:
        yield head + body[:100]
        until(lambda: stage.primary.ask("process")["open"] >= 1, what="the app runs before the body is whole")
        assert not copies(stage.main, mark)
        yield body[100:]

    assert answer_of(raw_request(stage.primary.address, pieces()))["size"] == len(body)
    assert json.loads(the_copy(stage.main, mark).body) == json.loads(body)


def test_a_connection_that_is_to_be_closed_is_closed_at_once(stage: Stage, mark: str) -> None:
    request = f"GET /echo/main/{mark} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n".encode()
    start = time.monotonic()
    assert raw_request(stage.primary.address, request).startswith(b"HTTP/1.1 200 ")
    assert time.monotonic() - start < 1
    the_copy(stage.main, mark)
