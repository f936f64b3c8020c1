"""The primaries that the families of cases share: one for each protocol, with a target for each case."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme

from tests.conformance.primary import KEY, Primary, fresh, primary, warm_up
from tests.support import certificates, faults
from tests.support.shadow import RecordingShadow, reply

MAX_BODY = 64 * 1024
CONNECTIONS = 4
HUNG_DNS = str(Path(__file__).parent / "hung_dns")
"""A folder for ``PYTHONPATH``: with it, names under ``.hangs.test`` are looked up without end."""


class Stage(NamedTuple):
    """A running primary and its shadows by the name of the target."""

    primary: Primary
    shadows: dict[str, RecordingShadow]

    @property
    def main(self) -> RecordingShadow:
        """The shadow that works."""
        return self.shadows["main"]


def foreign_context() -> ssl.SSLContext:
    """Return a server's context whose authority nobody knows, as with a certificate signed by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


def steady_shadows() -> dict[str, RecordingShadow]:
    """Return shadows that answer, or fail at once."""
    broken = {
        name: RecordingShadow(serve=getattr(faults, name))
        for name in (
            "close_unanswered",
            "reset",
            "reset_in_answer",
            "end_in_answer",
            "garbage",
            "bad_chunks",
            "switch_protocols",
            "continue_first",
            "continue_for_ever",
            "endless_head",
            "endless_field",
            "endless_body",
            "endless_chunks",
            "gzip_bomb",
        )
    }
    elsewhere = RecordingShadow()
    moved = reply(301, [("Location", f"{elsewhere.url}/moved")])
    return broken | {
        "main": RecordingShadow(lambda _: reply(202, [("X-Shadowed", "v2")], b"shadow")),
        "second": RecordingShadow(),
        "third": RecordingShadow(),
        "share_10": RecordingShadow(),
        "share_50": RecordingShadow(),
        "error": RecordingShadow(lambda _: reply(500)),
        "moved": RecordingShadow(lambda _: moved),
        "elsewhere": elsewhere,
        "proxy": RecordingShadow(),
        "tls": RecordingShadow(tls=certificates.context("127.0.0.1")),
        "tls_foreign": RecordingShadow(tls=foreign_context()),
        "tls_other_name": RecordingShadow(tls=certificates.context("elsewhere.example")),
        "v6": RecordingShadow(host="::1"),
    }


def targets_and_rules(shadows: dict[str, RecordingShadow], **urls: str) -> dict[str, Any]:
    """Return a target for each shadow, which gets what has its name as the second segment of the path."""
    urls = {name: shadow.url for name, shadow in shadows.items()} | urls
    return {
        "targets": [{"name": name, "url": url} for name, url in urls.items()],
        "rules": [*({"path": f"/*/{name}/**", "targets": [name]} for name in urls), NOTHING_ELSE],
    }


NOTHING_ELSE: dict[str, Any] = {"path": "/**", "mirror": False}
SPECIAL_RULES: list[dict[str, Any]] = [
    {"path": "/echo/none/**", "percent": 0, "targets": ["main"]},
    {"path": "/echo/tenth/**", "percent": 10, "targets": ["main"]},
    {"path": "/echo/half/**", "percent": 50, "targets": ["main"]},
    {"path": "/echo/fifth/**", "percent": 20, "targets": ["main"]},
    {"path": "/echo/odd/**", "percent": 35, "targets": ["main"]},
    {"path": "/echo/never/**", "mirror": False},
    {"path": "/echo/both/**", "targets": ["second", "third"]},
    {"path": "/echo/shares/**", "targets": ["share_10", "share_50"]},
    {"path": "/echo/won/**", "targets": ["second"]},
    {"path": "/echo/w*/**", "targets": ["third"]},
    {"path": "/echo/only-beta/**", "headers": {"X-Plan": "beta*"}, "targets": ["main"]},
    {"path": "/echo/only-beta/**", "mirror": False},
    {
        "path": "/echo/mutated/**",
        "targets": ["main"],
        "set_headers": {"X-Copy-Side": "yes", "X-Changed": "copy"},
    },
    {"path": "/echo/kept/**", "targets": ["main"], "keep_headers": ["x-api-key"]},
]


@contextmanager
def steady_stage(kind: str, folder: Path) -> Iterator[Stage]:
    shadows = steady_shadows()
    with ExitStack() as stack:
        for shadow in shadows.values():
            stack.enter_context(shadow)
        refused = stack.enter_context(faults.refusing_port())
        settings: dict[str, Any] = {
            "timeout": "30s",
            "max_body": MAX_BODY,
            "capture_timeout": "1s",
            "connections": CONNECTIONS,
            "breaker_failures": 1_000_000,
            "ca_file": certificates.ca_file(folder),
            "key": KEY,
            "shutdown_grace": "1s",
        }
        proxy = shadows["proxy"].url
        proxies = dict.fromkeys(
            ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), proxy
        )
        one = stack.enter_context(primary(kind, folder, {**settings, "enabled": False}, proxies))
        where = targets_and_rules(
            shadows,
            loop=one.server.url,
            refuse=f"http://127.0.0.1:{refused}",
            nowhere="http://nowhere.invalid",
            prefixed=f"{shadows['main'].url}/v2/api",
        )
        for target in where["targets"]:
            if target["name"].startswith("share_"):
                target["percent"] = int(target["name"].removeprefix("share_"))
        where["targets"] += [
            {"name": policy, "url": shadows["main"].url, "host": host}
            for policy, host in (
                ("original", "original"),
                ("suffix", "suffix"),
                ("literal", "staging.example"),
            )
        ]
        where["rules"][:0] = [
            {"path": f"/*/{name}/**", "targets": [name]} for name in ("original", "suffix", "literal")
        ]
        where["rules"] = [*SPECIAL_RULES, *where["rules"]]
        one.configure({**settings, **where})
        warm_up(one, "main")
        yield Stage(one, shadows)


@pytest.fixture(scope="session")
def wsgi_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with steady_stage("wsgi", tmp_path_factory.mktemp("wsgi")) as stage:
        yield stage


@pytest.fixture(scope="session")
def asgi_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with steady_stage("asgi", tmp_path_factory.mktemp("asgi")) as stage:
        yield stage


@pytest.fixture(scope="session", params=["wsgi", "asgi"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a primary and its shadows, on each protocol; shared by all tests, none of which changes it."""
    found: Stage = request.getfixturevalue(f"{request.param}_stage")
    return found


@pytest.fixture
def mark() -> str:
    """Return what makes a request unique."""
    return fresh()
