"""Real servers as child processes, and a client that shows the exact bytes of an answer."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
"""The root of the repository: where servers run unless told otherwise."""

Address = tuple[str, int]


def free_port() -> int:
    """Return a port that nobody listens on.

    From below the range that the kernel gives to outgoing connections, so that
    none of those can take it before the server does.
    """
    while True:
        port = 20000 + secrets.randbelow(12000)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def _gunicorn(worker: str, *more: str) -> Callable[[str, int], list[str]]:
    def command(app: str, port: int) -> list[str]:
        from gunicorn.config import KNOWN_SETTINGS

        # Newer ones open a control socket in the home folder, the same one for all.
        known = any(setting.name == "control_socket_disable" for setting in KNOWN_SETTINGS)
        quiet = ["--no-control-socket"] if known else []
        bind = f"--bind=127.0.0.1:{port}"
        return _python("gunicorn", bind, "--worker-class", worker, *quiet, *more, app)

    return command


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _uwsgi(app: str, port: int) -> list[str]:
    options = ["--master", "--enable-threads", "--need-app", "--die-on-term", "--lazy-apps"]
    return [uwsgi() or "uwsgi", "--http-socket", f"127.0.0.1:{port}", *options, f"--module={app}"]


def uwsgi() -> str | None:
    """Return the path of uWSGI, if it is installed: beside this Python, or named by ``UWSGI``."""
    beside = shutil.which("uwsgi", path=str(Path(sys.executable).parent))
    return os.environ.get("UWSGI") or beside


_COMMANDS: Mapping[str, Callable[[str, int], list[str]]] = {
    "uvicorn": lambda app, port: _python("uvicorn", "--host", "127.0.0.1", "--port", str(port), app),
    "hypercorn": lambda app, port: _python("hypercorn", "--bind", f"127.0.0.1:{port}", app),
    "gunicorn": _gunicorn("sync"),
    "gunicorn-gthread": _gunicorn("gthread", "--threads", "4"),
    "gunicorn-uvicorn": _gunicorn("uvicorn.workers.UvicornWorker"),
    "waitress": lambda app, port: _python("waitress", f"--listen=127.0.0.1:{port}", app),
    "wsgiref": lambda app, port: _python("tests.support.wsgiref_server", str(port), app),
    "uwsgi": _uwsgi,
}

ASGI_SERVERS = ("uvicorn", "hypercorn", "gunicorn-uvicorn")
WSGI_SERVERS = ("gunicorn", "gunicorn-gthread", "waitress", "wsgiref", *(["uwsgi"] if uwsgi() else []))


_ENDS_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
"""Where Linux has it: a server ends even when the test run is killed and cleans nothing up."""


class ServerFailed(Exception):
    """A server did not start, or did not do what was waited for; its output is the message."""


class Stopped(NamedTuple):
    """How a server ended."""

    code: int
    """Exit code; a negative number for a signal."""
    seconds: float
    """From SIGTERM to the end."""


class Server:
    """A command that serves HTTP at an address, in a session of its own, with its output kept."""

    def __init__(self, command: Sequence[str], address: Address, env: Mapping[str, str], cwd: Path) -> None:
        self.address = address
        with ExitStack() as failed:
            self._output = failed.enter_context(tempfile.TemporaryFile())
            self.process = subprocess.Popen(
                [*_ENDS_WITH_US, *command],
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            failed.pop_all()

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return "http://{}:{}".format(*self.address)

    def output(self) -> str:
        """Return what the server has written so far, standard error included."""
        descriptor = self._output.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def wait(self, what: str, happened: Callable[[], object], timeout: float) -> None:
        """Wait until something has happened; raise ``ServerFailed`` when the server ends or time is up."""
        deadline = time.monotonic() + timeout
        while not happened():
            if self.process.poll() is not None:
                raise ServerFailed(f"ended with {self.process.returncode} before {what}:\n{self.output()}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"not within {timeout} s: {what}\n{self.output()}")
            time.sleep(0.02)

    def wait_for_output(self, text: str, *, times: int = 1, timeout: float = 30.0) -> None:
        """Wait until the server has written a text, so many times."""
        self.wait(f"output {text!r}", lambda: self.output().count(text) >= times, timeout)

    def wait_until_it_answers(self, timeout: float) -> None:
        """Wait until the server takes connections."""
        self.wait("it takes connections", lambda: connects(self.address), timeout)

    def processes(self) -> list[int]:
        """Return the ids of all live processes that the server started, itself included (Linux)."""
        return list(_session(self.process.pid))

    def stop(self, timeout: float = 20.0) -> Stopped:
        """Send SIGTERM and wait for the end, at most ``timeout`` seconds."""
        start = time.monotonic()
        self.process.terminate()
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ServerFailed(f"still there {timeout} s after SIGTERM:\n{self.output()}") from None
        return Stopped(code, time.monotonic() - start)

    def close(self) -> None:
        """Kill whatever is left of the server, couriers and workers included, and drop its output."""
        # Again, since a master may have started a worker in between.
        while left := self.processes():
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        self.process.kill()
        self.process.wait()
        self._output.close()


def connects(address: Address) -> bool:
    """Tell whether something at the address takes connections."""
    with suppress(OSError), socket.create_connection(address, timeout=1.0):
        return True
    return False


def _session(session: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state parent group session ...; the name may hold anything.
            state, _, _, its_session = path.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == session and state not in "ZX":
                yield int(path.parent.name)


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without our settings, with the tests importable, and with ``env``."""
    ours = ("SHADOWTAP_", "SHOP_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    inherited = filter(None, environ.get("PYTHONPATH", "").split(os.pathsep))
    environ["PYTHONPATH"] = os.pathsep.join([*map(os.path.abspath, inherited), str(ROOT)])
    environ["PYTHONUNBUFFERED"] = "1"
    return {**environ, **(env or {})}


@contextmanager
def serve(
    kind: str,
    app: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    args: Sequence[str] = (),
    timeout: float = 30.0,
) -> Iterator[Server]:
    """Run an app on a server for the length of a ``with`` block; yields the server once it answers.

    Args:
        kind: One of ``ASGI_SERVERS`` or ``WSGI_SERVERS``.
        app: The app's import string, such as ``examples.flask_app.app:app``.
        env: Variables on top of ``environment()``.
        cwd: The folder to run in.
        args: Further arguments of the server's command.
        timeout: Seconds until it has to answer.
    """
    port = free_port()
    command = _COMMANDS[kind](app, port)
    with run([*command[:-1], *args, command[-1]], port, env=env, cwd=cwd, timeout=timeout) as server:
        yield server


@contextmanager
def run(
    command: Sequence[str],
    port: int,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float = 30.0,
) -> Iterator[Server]:
    """Run any command that serves HTTP on a port of this host, as ``serve`` does."""
    server = Server(command, ("127.0.0.1", port), environment(env), cwd)
    try:
        server.wait_until_it_answers(timeout)
        yield server
        if server.process.poll() is None:
            server.stop()
    finally:
        server.close()


def raw_request(address: Address, request: bytes | Iterable[bytes], *, timeout: float = 20.0) -> bytes:
    """Send bytes and return all bytes that come back until the server closes the connection.

    The request should say ``Connection: close``. An iterable is sent piece by
    piece. A server that answers early and resets the connection is no error.
    """
    answer = bytearray()
    with socket.create_connection(address, timeout=timeout) as connection:
        with suppress(ConnectionError):
            for piece in [request] if isinstance(request, bytes) else request:
                connection.sendall(piece)
        with suppress(ConnectionError):
            while piece := connection.recv(65536):
                answer += piece
    return bytes(answer)


class Answer(NamedTuple):
    """An answer, taken apart."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """Return what the body holds as JSON."""
        return json.loads(self.body)


def request(
    address: Address,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    json_body: object = None,
    timeout: float = 20.0,
) -> Answer:
    """Send a request, with a JSON body if there is one, and return the whole answer."""
    connection = http.client.HTTPConnection(*address, timeout=timeout)
    body = None if json_body is None else json.dumps(json_body, ensure_ascii=False).encode()
    kind = {} if body is None else {"Content-Type": "application/json"}
    try:
        connection.request(method, target, body, {**kind, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
