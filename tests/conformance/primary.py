"""A primary that runs: the app on a real server, its settings in a file, its account to be asked for."""

from __future__ import annotations

import http.client
import itertools
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.servers import Address, Server, serve
from tests.support.shadow import Recorded, RecordingShadow
from tests.support.waiting import until

KINDS = {
    "wsgi": ("gunicorn-gthread", "tests.conformance.flask_app:app"),
    "asgi": ("uvicorn", "tests.conformance.starlette_app:app"),
}
"""A protocol, and the server and app that stand for it."""

KEY = "a-key-for-the-tests-of-32-bytes!"


class Reply(NamedTuple):
    """What a client got, and how long that took from its first byte to its last."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the value of a header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def send(
    address: Address,
    method: str,
    target: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    connection: http.client.HTTPConnection | None = None,
) -> Reply:
    """Send a request with these headers and no others but ``Host`` and the length of the body."""
    start = time.monotonic()
    own = connection or http.client.HTTPConnection(*address, timeout=30)
    try:
        own.putrequest(method, target, skip_accept_encoding=True)
        if body is not None and not any(name.lower() == "content-length" for name, _ in headers):
            own.putheader("Content-Length", str(len(body)))
        for name, value in headers:
            own.putheader(name, value)
        own.endheaders(body)
        response = own.getresponse()
        content = response.read()
        return Reply(response.status, response.getheaders(), content, time.monotonic() - start)
    finally:
        if connection is None:
            own.close()


class Primary:
    """A wrapped app that serves, and a client to it."""

    def __init__(self, kind: str, server: Server, config: Path) -> None:
        self.kind = kind
        self.server = server
        self.address = server.address
        self._config = config
        self._versions = itertools.count(1)

    def send(self, method: str, target: str, **rest: Any) -> Reply:
        """Send a request; see the function of this name."""
        return send(self.address, method, target, **rest)

    def get(self, target: str, **rest: Any) -> Reply:
        """Send a GET."""
        return self.send("GET", target, **rest)

    def post_json(self, target: str, value: object, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        """Send a POST whose body is JSON."""
        kind = ("Content-Type", "application/json")
        return self.send("POST", target, headers=[kind, *headers], body=json.dumps(value).encode())

    def ask(self, question: str) -> Any:
        """Ask about the inside: ``ledger``, ``process`` or ``in-force``."""
        return self.send("GET", f"/-/{question}").json()

    def outcomes(self, target: str = "main") -> dict[str, int]:
        """Return the number of copies for a target by outcome."""
        found: dict[str, int] = self.ask("ledger")["outcomes"].get(target, {})
        return found

    def pending(self) -> int:
        """Return the number of copies without an outcome."""
        return sum(self.ask("ledger")["pending"].values())

    def settle(self, timeout: float = 40.0) -> dict[str, dict[str, int]]:
        """Wait until each copy has an outcome, check that the account adds up, and return it."""
        ledger: dict[str, Any] = {}

        def settled() -> bool:
            # Received and ended are read one after the other, and a server may still tell the app of an end.
            ledger.update(self.ask("ledger"))
            ended = {target: sum(numbers.values()) for target, numbers in ledger["outcomes"].items()}
            received = {target: number for target, number in ledger["received"].items() if number}
            return not sum(ledger["pending"].values()) and ended == received

        self.server.wait("every copy ends and the account adds up", settled, timeout)
        outcomes: dict[str, dict[str, int]] = ledger["outcomes"]
        return outcomes

    @contextmanager
    def counted(self, target: str = "main") -> Iterator[dict[str, int]]:
        """Fill a dict with the outcomes of a target that the block's requests have, once all have one."""
        before = self.settle().get(target, {})
        counts: dict[str, int] = {}
        yield counts
        # A server may give the client its answer before it tells the app that this has ended.
        self.server.wait("the requests are counted", lambda: added(before, self.outcomes(target)), 30)
        counts |= added(before, self.settle().get(target, {}))

    def configure(self, settings: Mapping[str, Any], *, wait: bool = True) -> float:
        """Write the settings file and wait until it is in force; return when it was written (monotonic)."""
        mark = f"/in-force/{next(self._versions)}"
        replacement = self._config.with_suffix(".new")
        replacement.write_text(toml({**settings, "exclude": [*settings.get("exclude", ()), mark]}))
        replacement.rename(self._config)
        written = time.monotonic()
        if wait:
            self.server.wait("the settings are in force", lambda: mark in self.ask("in-force"), 10)
        return written

    def spoil(self, content: str | None) -> None:
        """Put something else in place of the settings file, or take it away."""
        if content is None:
            self._config.unlink()
        else:
            self._config.write_text(content)


def added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return by how much counts have grown, those that have."""
    growth = {name: number - before.get(name, 0) for name, number in after.items()}
    return {name: number for name, number in growth.items() if number}


def toml(settings: Mapping[str, Any]) -> str:
    """Write settings as TOML: plain values first, then lists of tables."""
    tables = {name: value for name, value in settings.items() if name in ("targets", "rules", "redact")}
    lines = [f"{name} = {_value(value)}" for name, value in settings.items() if name not in tables]
    for name, rows in tables.items():
        for row in rows:
            lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in row.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(v)}" for key, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def primary(
    kind: str, folder: Path, settings: Mapping[str, Any], env: Mapping[str, str] | None = None
) -> Iterator[Primary]:
    """Run a primary for the length of a ``with`` block, its settings file in this folder."""
    config = folder / f"{kind}.toml"
    config.write_text(toml(settings))
    server_kind, app = KINDS[kind]
    # At idle priority the couriers of a busy machine would starve, and their copies reach the time limit.
    variables = {"SHADOWTAP_CONFIG": str(config), "SHADOWTAP_COURIER_PRIORITY": "normal", **(env or {})}
    quiet = ["--no-access-log"] if kind == "asgi" else []
    with serve(server_kind, app, env=variables, args=quiet) as server:
        started = Primary(kind, server, config)
        started.get("/teapot/first")  # from its first request on, a mirror follows its settings file
        yield started


def warm_up(primary: Primary, target: str) -> None:
    """Send copies to a target that works until the courier is ready to meet its time limit."""

    def answered() -> int:
        primary.get(f"/echo/{target}/{fresh()}")
        return primary.settle().get(target, {}).get("answered", 0)

    until(answered, 60, "the courier is ready")


def fresh() -> str:
    """Return an id that occurs in one request alone, and that redaction leaves as it is."""
    return uuid.uuid4().hex


def copies(shadow: RecordingShadow, mark: str) -> list[Recorded]:
    """Return what a shadow got of the request with this mark in its target."""
    return [request for request in list(shadow.requests) if mark.encode() in request.target]


def the_copy(shadow: RecordingShadow, mark: str) -> Recorded:
    """Wait for the one copy of a request."""
    until(lambda: copies(shadow, mark), what=f"a copy of {mark}")
    [copy] = copies(shadow, mark)
    return copy


def fields(recorded: Recorded) -> list[tuple[str, str]]:
    """Return the header fields of a copy as text, names in lower case."""
    return [(name.decode().lower(), value.decode("latin-1")) for name, value in recorded.headers]
