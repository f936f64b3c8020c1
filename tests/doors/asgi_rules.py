"""A checker of the ASGI specification, to stand on either side of a door.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from typing import Any

ANSWERS = {
    "http.response.start": {"status": int, "headers": object, "trailers": bool},
    "http.response.body": {"body": bytes, "more_body": bool},
    "http.response.trailers": {"headers": object, "more_trailers": bool},
}
REQUESTS = {"http.request": {"body": bytes, "more_body": bool}, "http.disconnect": {}}


class BrokenRule(AssertionError):
    """One side has broken a rule of ASGI."""


def rule(holds: object, text: str) -> None:
    if not holds:
        raise BrokenRule(text)


class Checked:
    """An ASGI app that is watched, and so is who calls it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.calls = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        rule(type(scope) is dict, "the scope is a dictionary")
        if scope["type"] == "http":
            check_scope(scope)
            exchange = Exchange(receive, send)
            await self.app(scope, exchange.receive, exchange.send)
            rule(exchange.state in ("done", "nothing"), "an answer that was begun is ended")
        else:
            await self.app(scope, receive, send)


def check_scope(scope: dict[str, Any]) -> None:
    rule(scope["asgi"]["version"] >= "3", "the version is 3")
    rule(scope["http_version"] in ("1.0", "1.1", "2", "3"), "the version of HTTP is one of these")
    rule(scope["method"] == scope["method"].upper(), "the method is in upper case")
    rule(isinstance(scope["path"], str) and scope["path"].startswith("/"), "the path begins with a slash")
    rule(type(scope["query_string"]) is bytes, "the query is bytes")
    for name, value in scope["headers"]:
        rule(type(name) is bytes and type(value) is bytes, "headers are pairs of bytes")
        rule(name == name.lower(), "names of headers are in lower case")


class Exchange:
    """One request and its answer."""

    def __init__(self, receive: Any, send: Any) -> None:
        self._receive = receive
        self._send = send
        self._more = True
        self._trailers = False
        self.state = "nothing"

    async def receive(self) -> Any:
        message = await self._receive()
        check_fields(message, REQUESTS)
        if message["type"] == "http.request":
            rule(self._more, "nothing comes after the end of the request but a disconnect")
            self._more = message.get("more_body", False)
        return message

    async def send(self, message: Any) -> None:
        kind = message["type"]
        check_fields(message, ANSWERS)
        if kind == "http.response.start":
            rule(self.state == "nothing", "an answer begins once")
            rule(100 <= message["status"] <= 599, "the status is one of HTTP's")
            self._trailers = message.get("trailers", False)
            self.state = "begun"
        elif kind == "http.response.body":
            rule(self.state == "begun", "a body comes between begin and end")
            if not message.get("more_body", False):
                self.state = "trailers" if self._trailers else "done"
        elif kind in ("http.response.pathsend", "http.response.zerocopysend"):
            rule(self.state == "begun", "a file comes between begin and end")
            self.state = "begun" if message.get("more_body", False) else "done"
        elif kind == "http.response.trailers":
            rule(self.state == "trailers", "trailers come after the body, where they were announced")
            if not message.get("more_trailers", False):
                self.state = "done"
        await self._send(message)


def check_fields(message: Any, known: dict[str, dict[str, Any]]) -> None:
    rule(type(message) is dict, "a message is a dictionary")
    for key, value in message.items():
        kind = known.get(message["type"], {}).get(key)
        rule(kind is None or isinstance(value, kind), f"{key} of {message['type']} is of type {kind}")
