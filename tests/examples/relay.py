"""A hop in front of the shadow that keeps what it was sent and what it answered."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import unquote

from tests.support.servers import Address


class Passed(NamedTuple):
    """A request that went to the shadow, and the shadow's answer."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes

    def header(self, name: str) -> str:
        """Return a header of the request."""
        return next(value for key, value in self.headers if key.lower() == name.lower())

    def texts(self) -> Iterator[str]:
        """Yield all that was sent, as text in which nothing is escaped."""
        yield unquote(self.target)
        for key, value in self.headers:
            yield f"{key}: {unquote(value)}"
            yield value.encode("latin-1").decode(errors="replace")
        yield self.body.decode(errors="replace")
        if self.body:
            yield json.dumps(json.loads(self.body), ensure_ascii=False)


class Relay:
    """The hop; ``passed`` grows as answers come back."""

    def __init__(self, shadow: Address) -> None:
        self.passed: list[Passed] = []
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = [(key, value) for key, value in self.headers.items() if key.lower() != "connection"]
                with closing(http.client.HTTPConnection(*shadow, timeout=20)) as connection:
                    connection.request(self.command, self.path, body, dict(headers))
                    response = connection.getresponse()
                    answer = response.read()
                fields = {key.lower(): value for key, value in response.getheaders()}
                done = Passed(self.command, self.path, headers, body, response.status, fields, answer)
                relay.passed.append(done)
                self.send_response(response.status)
                for key in fields.keys() - {
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "date",
                    "server",
                }:
                    self.send_header(key, fields[key])
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = pass_on  # noqa: N815 - the names that http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def has_passed(self, number: int) -> bool:
        """Tell whether so many answers came back."""
        return len(self.passed) >= number

    @contextmanager
    def running(self) -> Iterator[Relay]:
        """Pass requests on for the length of a ``with`` block."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
