"""HTTP/2 has what HTTP/1 servers do not offer: trailers, early hints, pushes, bodies without a length."""

from __future__ import annotations

import socket
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest

from tests.doors.pairs import Pair, on
from tests.support.servers import Address

REQUESTS = {
    "GET": ("GET", "/echo?a=b", []),
    "HEAD": ("HEAD", "/echo", []),
    "a body without a length": ("POST", "/echo", [b"hello", b" world"]),
    "an empty body": ("POST", "/echo", [b""]),
    "a GET with a body": ("GET", "/echo", [b"hello"]),
    "an unread body": ("POST", "/unread", [b"hello"]),
    "trailers": ("GET", "/trailers", []),
    "early hints": ("GET", "/hints", []),
    "a push": ("GET", "/pushed", []),
    "64 KB": ("GET", "/file", []),
    "raised": ("GET", "/raised", []),
}


def talk(address: Address, method: str, path: str, body: list[bytes], case: str = "") -> list[Any]:
    """Send a request over HTTP/2 without TLS, and return the events of its answer and of what is pushed."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    connection.initiate_connection()
    fields = [(":method", method), (":path", path), (":scheme", "http"), (":authority", "shop.example")]
    connection.send_headers(1, [*fields, ("te", "trailers"), ("x-case", case)], end_stream=not body)
    for number, chunk in enumerate(body, 1):
        connection.send_data(1, chunk, end_stream=number == len(body))
    found: list[Any] = []
    with socket.create_connection(address, timeout=20) as sock:
        while not any(event[0] == "end" and event[1] == 1 for event in found):
            sock.sendall(connection.data_to_send())
            data = sock.recv(65536)
            if not data:
                break
            for event in connection.receive_data(data):
                found += told(event)
                if isinstance(event, h2.events.DataReceived):
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
    return joined(found)


def told(event: Any) -> list[Any]:
    """Return what an event says about an answer."""
    if isinstance(event, h2.events.DataReceived):
        return [("data", event.stream_id, event.data)]
    if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
        return [("end", event.stream_id, type(event).__name__)]
    if hasattr(event, "headers"):
        number = getattr(event, "pushed_stream_id", None) or event.stream_id
        fields = [field for field in event.headers if field[0] != "date"]
        return [(type(event).__name__, number, fields)]
    return []


def joined(found: list[Any]) -> list[Any]:
    """Return the events with the data of each stream put together, wherever it was cut."""
    data = {event[1]: b"" for event in found}
    for kind, number, content in found:
        data[number] += content if kind == "data" else b""
    return [*sorted([event for event in found if event[0] != "data"], key=lambda event: event[1]), data]


@on("hypercorn")
@pytest.mark.parametrize("request_", REQUESTS)
def test_the_answers_are_the_same(pair: Pair, request_: str) -> None:
    bare = talk(pair.bare.server.address, *REQUESTS[request_])
    assert talk(pair.ours.server.address, *REQUESTS[request_]) == bare
    assert any(event[0] == "ResponseReceived" for event in bare[:-1])


@on("hypercorn")
@pytest.mark.parametrize(
    ("request_", "event"),
    [
        ("trailers", "TrailersReceived"),
        ("early hints", "InformationalResponseReceived"),
        ("a push", "PushedStreamReceived"),
    ],
)
def test_what_only_http_2_has_is_there(pair: Pair, request_: str, event: str) -> None:
    assert any(its[0] == event for its in talk(pair.ours.server.address, *REQUESTS[request_])[:-1])


@on("hypercorn")
@pytest.mark.parametrize("request_", ["GET", "a body without a length", "an empty body", "a GET with a body"])
def test_the_copy_has_the_body(pair: Pair, request_: str) -> None:
    method, path, body = REQUESTS[request_]
    talk(pair.ours.server.address, method, path, body, case=f"h2 {request_}")
    copy = pair.sink.wait_for(f"h2 {request_}")
    assert (copy.request.method, b"".join(copy.request.body)) == (method, b"".join(body))
    assert copy.response.status == 200
