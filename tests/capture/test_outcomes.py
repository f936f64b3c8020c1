"""How each kind of request ends for the mirror: in one way, for each target (see ``Collected.check``)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from shadowtap import signature
from shadowtap.capture.decorators import seen
from shadowtap.capture.ids import ids
from shadowtap.outcome import Outcome
from shadowtap.settings import Rule, Target
from tests.capture.conftest import Protocol
from tests.support.collecting import NAME, SHADOW, Collected

KEY = "0123456789abcdef0123456789abcdef"
TWO = (Target(name="a", url="http://a.example"), Target(name="b", url="http://b.example", percent=10.0))


@pytest.fixture(params=[False, True], ids=["plain", "decorated"])
def decorated(request: pytest.FixtureRequest, collected: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    """With decorated endpoints in the process, all is decided at the end of a request."""
    monkeypatch.setattr(seen, "any", request.param)


pytestmark = pytest.mark.usefixtures("decorated")


def test_a_request_is_copied(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored()("POST", "/a%20b/c?d=e&f", [("X-Id", "7")], b"hello")
    copy = collected.only
    assert (copy.request.method, copy.request.scheme) == ("POST", "http")
    assert copy.request.query == b"d=e&f"
    assert copy.request.body == (b"hello",)
    assert copy.request.client == "192.0.2.1"
    assert (b"x-id", b"7") in [(name.lower(), value) for name, value in copy.request.headers]
    assert copy.targets == (NAME,)
    assert abs(copy.captured_at - time.time()) < 60
    assert len(copy.id) == 32


def test_the_answer_goes_with_the_copy(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored()("POST", "/", body=b"hello")
    answer = collected.only.response
    assert (answer.status, answer.body, answer.truncated) == (200, (b"hello",), False)
    assert [(name.lower(), value) for name, value in answer.headers] == [
        (b"content-type", b"text/plain"),
        (b"content-length", b"5"),
    ]
    assert 0 < answer.duration < 60


def test_a_long_answer_is_cut_short_for_the_copy(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(max_response=4)
    assert mirrored("POST", "/", body=b"hello").body == b"hello"
    assert (collected.only.response.body, collected.only.response.truncated) == ((), True)


def excluded() -> dict[str, dict[str, Any]]:
    return {
        "by a path": {"exclude": ["/health*"]},
        "by no path that is included": {"include": ["/api/**"]},
        "by its method": {"methods": ["POST"]},
        "by a rule for its path": {"rules": [Rule(path="/health*", mirror=False)]},
        "by a rule for its method": {"rules": [Rule(methods=("GET",), mirror=False)]},
        "by a rule for a header": {"rules": [Rule(when=(("user-agent", "kube-*"),), mirror=False)]},
        "by a rule for the type of its body": {
            "rules": [Rule(when=(("content-type", "text/*"),), mirror=False)]
        },
    }


@pytest.mark.parametrize("why", excluded())
def test_a_request_is_excluded(protocol: Protocol, collected: Collected, why: str) -> None:
    headers = [("User-Agent", "kube-probe/1"), ("Content-Type", "text/plain")]
    protocol.mirrored(**excluded()[why])("GET", "/healthz", headers)
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


@pytest.mark.parametrize("why", excluded())
def test_another_request_is_not_excluded(protocol: Protocol, collected: Collected, why: str) -> None:
    protocol.mirrored(**excluded()[why])("POST", "/api/x")
    assert collected.outcomes() == {"copied": 1}


def test_the_decoded_path_is_what_counts(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored(exclude=["/héalth"])("GET", "/h%C3%A9alth")
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_the_first_rule_that_matches_decides_alone(protocol: Protocol, collected: Collected) -> None:
    rules = [
        Rule(path="/a/**", set_headers=(("X-Token", "t"),), keep_headers=("authorization",)),
        Rule(path="/**", mirror=False),
    ]
    mirrored = protocol.mirrored(rules=rules)
    mirrored("GET", "/a/b")
    mirrored("GET", "/b")
    assert collected.only.set_headers == (("X-Token", "t"),)
    assert collected.only.keep_headers == ("authorization",)
    assert collected.outcomes() == {"copied": 1, Outcome.EXCLUDED: 1}


def test_where_only_marked_endpoints_are_mirrored_others_are_not(
    protocol: Protocol, collected: Collected
) -> None:
    protocol.mirrored(select="marked")()
    assert collected.outcomes() == {Outcome.NOT_MARKED: 1}


def test_a_share_of_the_requests_is_not_sampled(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(percent=20)
    for _ in range(20):
        mirrored()
    assert collected.outcomes() == {"copied": 4, Outcome.NOT_SAMPLED: 16}


def test_each_target_has_its_own_account(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(targets=TWO, target=None, percent=50)
    for _ in range(100):
        mirrored()
    assert collected.outcomes("a") == {"copied": 50, Outcome.NOT_SAMPLED: 50}
    assert collected.outcomes("b") == {"copied": 10, Outcome.NOT_SAMPLED: 90}
    assert sum(exchange.targets == ("a", "b") for exchange in collected.exchanges) == 10


def test_a_target_that_the_rule_does_not_name_is_left_out(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(
        targets=TWO, target=None, rules=[Rule(path="/b/**", targets=("b",), percent=50.0)]
    )
    for _ in range(10):
        mirrored("GET", "/b/1")
    assert collected.outcomes("a") == {Outcome.EXCLUDED: 10}
    assert collected.outcomes("b") == {"copied": 5, Outcome.NOT_SAMPLED: 5}


def test_the_rate_is_limited(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored(max_rate=0.001)
    for _ in range(5):
        mirrored()
    assert collected.outcomes() == {"copied": 1, Outcome.RATE_LIMITED: 4}


def test_after_its_end_nothing_is_mirrored(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored(until=time.time() - 1)()
    assert collected.outcomes() == {Outcome.EXPIRED: 1}


def test_the_end_goes_with_the_copy(protocol: Protocol, collected: Collected) -> None:
    end = float(int(time.time()) + 60)
    protocol.mirrored(until=end)()
    assert collected.only.until == end


def test_switched_off_in_the_file_nothing_is_mirrored_until_it_is_switched_on(
    protocol: Protocol, collected: Collected, tmp_path: Path
) -> None:
    file = tmp_path / "shadowtap.toml"
    file.write_text("enabled = false")
    mirrored = protocol.mirrored(config=str(file))
    mirrored()
    assert collected.outcomes() == {Outcome.PAUSED: 1}
    assert collected.starts, "the file is watched by the hand-over, which must run for it"
    file.write_text("enabled = true\npercent = 100")
    assert collected.mirror._live.refresh()
    mirrored()
    assert collected.outcomes() == {Outcome.PAUSED: 1, "copied": 1}


@pytest.mark.parametrize("end", ["enabled = false", "until = 2001-01-01T00:00:00Z"])
def test_a_request_under_way_is_not_copied_once_mirroring_was_ended(
    protocol: Protocol, collected: Collected, tmp_path: Path, end: str
) -> None:
    file = tmp_path / "shadowtap.toml"
    file.write_text("enabled = true")

    def stop() -> None:
        file.write_text(end)
        assert collected.mirror._live.refresh()

    def wsgi(environ: Any, start_response: Any) -> Any:
        stop()
        return protocol.echo(environ, start_response)

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        stop()
        await protocol.echo(scope, receive, send)

    app = wsgi if protocol.door.__module__ == "shadowtap.wsgi" else asgi
    protocol.mirrored(app, config=str(file))()
    assert collected.outcomes() == {Outcome.PAUSED if "enabled" in end else Outcome.EXPIRED: 1}


def test_a_copy_of_our_own_that_comes_back_is_served_but_not_copied(
    protocol: Protocol, collected: Collected
) -> None:
    answer = protocol.mirrored()(
        "POST", "/", [("X-Shadow-Request", "true"), ("X-Shadow-Id", ids.new())], b"x"
    )
    assert answer.body == b"x"
    assert collected.outcomes() == {Outcome.LOOP: 1}


def signed(target: bytes, *, key: str = KEY, id: str = "a" * 32) -> list[tuple[str, str]]:
    value = signature.sign(key.encode(), method="POST", target=target, id=id, time=0, body=b"x")
    return [("X-Shadow-Request", "true"), ("X-Shadow-Id", "a" * 32), ("X-Shadow-Signature", value)]


def test_a_signed_copy_of_another_process_is_not_copied(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored(key=KEY)("POST", "/a%20b?c=d", signed(b"/a%20b?c=d"), b"x")
    assert collected.outcomes() == {Outcome.LOOP: 1}


FORGED = {
    "the mark alone": [("X-Shadow-Request", "true")],
    "an id that nobody made": [("X-Shadow-Request", "true"), ("X-Shadow-Id", "f" * 32)],
    "an id with a signature that is none": [
        ("X-Shadow-Id", "f" * 32),
        ("X-Shadow-Signature", "v1;t=1;d=0;s=0"),
    ],
    "a signature under another key": signed(b"/x?y", key="another key that is long enough"),
    "a signature of another target": signed(b"/z"),
    "a signature of another id": signed(b"/x?y", id="b" * 32),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_mark_changes_nothing(protocol: Protocol, collected: Collected, what: str) -> None:
    mirrored = protocol.mirrored(key=KEY)
    assert mirrored("POST", "/x?y", FORGED[what], b"x").body == b"x"
    assert collected.outcomes() == {"copied": 1}


def test_an_upgrade_is_left_alone(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored()("GET", "/", [("Connection", "Upgrade"), ("Upgrade", "websocket")])
    assert collected.outcomes() == {Outcome.UPGRADE: 1}


def test_a_tunnel_is_left_alone(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored()("CONNECT", "/")
    assert collected.outcomes() == {Outcome.UPGRADE: 1}


def test_a_client_that_offers_http_2_is_mirrored(protocol: Protocol, collected: Collected) -> None:
    protocol.mirrored()("GET", "/", [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")])
    assert collected.outcomes() == {"copied": 1}


def test_each_copy_has_an_id_of_its_own(protocol: Protocol, collected: Collected) -> None:
    mirrored = protocol.mirrored()
    for _ in range(100):
        mirrored()
    assert len({exchange.id for exchange in collected.exchanges}) == 100


def test_without_any_target_but_a_file_that_may_name_one_requests_are_paused(
    protocol: Protocol, collected: Collected, tmp_path: Path
) -> None:
    file = tmp_path / "shadowtap.toml"
    file.write_text("percent = 50")
    mirrored = protocol.mirrored(target=None, config=str(file))
    mirrored()
    assert collected.outcomes("-") == {Outcome.PAUSED: 1}
    collected.ledger.reset()
    file.write_text(f'percent = 100\ntarget = "{SHADOW}"')
    assert collected.mirror._live.refresh()
    mirrored()
    assert collected.outcomes() == {"copied": 1}
