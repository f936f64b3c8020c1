"""Servers of the demo, as processes that end with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

START = 60.0
"""Seconds that a server may take to answer."""


class Server:
    """An app of ``shadowtap.demo.apps`` on a port of its own."""

    def __init__(self, kind: str, app: str, folder: Path, environ: Mapping[str, str]) -> None:
        self.port = _free_port()
        self.name = f"{app}-{self.port}"
        self.log = folder / f"{self.name}.log"
        address = f"127.0.0.1:{self.port}"
        factory = f"shadowtap.demo.apps:{app}"
        command = {
            "wsgi": ["gunicorn", "-k", "gthread", "--threads", "4", "-b", address, f"{factory}()"],
            "asgi": ["uvicorn", "--factory", "--port", str(self.port), "--log-level", "warning", factory],
        }[kind]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SHADOWTAP_")}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own apps in our own interpreter
                [sys.executable, "-m", *command],
                env={**clean, **environ, "XDG_RUNTIME_DIR": str(folder)},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Wait until it accepts connections.

        Raises:
            RuntimeError: it does not, with the end of what it printed.
        """
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Send a request; return status and whole answer: headers without the date, and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body or None, {"Host": "shop.example", **(headers or {})})
            answer = connection.getresponse()
            fields = [f"{n}: {v}" for n, v in answer.getheaders() if n.lower() != "date"]
            return answer.status, "\r\n".join(fields).encode("latin-1") + b"\r\n\r\n" + answer.read()
        finally:
            connection.close()

    def stop(self) -> None:
        """End it, gently at first."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start(stack: ExitStack, *servers: Server) -> None:
    """Have servers stopped when the stack is left, and wait until all of them answer."""
    for server in servers:
        stack.callback(server.stop)
    for server in servers:
        server.wait()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
