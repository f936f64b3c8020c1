from __future__ import annotations

import shutil
import signal
import subprocess
import sys

import pytest

from tests.support.servers import (
    ASGI_SERVERS,
    ROOT,
    WSGI_SERVERS,
    Server,
    ServerFailed,
    connects,
    environment,
    free_port,
    raw_request,
    request,
    run,
    serve,
)
from tests.support.waiting import until

HERE = "tests.support.test_servers"
GET = b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"


def wsgi_app(environ, start_response):
    sys.stderr.write(f"served {environ['REQUEST_METHOD']}\n")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [b"hello"]


async def asgi_app(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError
    sys.stderr.write(f"served {scope['method']}\n")
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


KINDS = [(kind, f"{HERE}:asgi_app") for kind in ASGI_SERVERS]
KINDS += [(kind, f"{HERE}:wsgi_app") for kind in WSGI_SERVERS]


@pytest.mark.parametrize(("kind", "app"), KINDS)
def test_each_server_serves_an_app_and_ends_at_sigterm(kind: str, app: str) -> None:
    with serve(kind, app) as server:
        answer = raw_request(server.address, GET)
        assert answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.0 200 "))
        assert answer.endswith(b"\r\n\r\nhello")
        server.wait_for_output("served GET")
        stopped = server.stop()
        assert stopped.code in (0, -signal.SIGTERM)
        until(lambda: not server.processes(), what="workers have ended, too")


def test_an_answer_to_head_is_whole_without_a_body() -> None:
    with serve("gunicorn", f"{HERE}:wsgi_app") as server:
        answer = raw_request(server.address, GET.replace(b"GET", b"HEAD"))
        assert b"Content-Length: 5\r\n" in answer
        assert answer.endswith(b"\r\n\r\n")


def test_a_request_can_be_sent_in_pieces() -> None:
    with serve("uvicorn", f"{HERE}:asgi_app") as server:
        assert raw_request(server.address, [GET[:9], GET[9:]]).endswith(b"hello")


def test_an_answer_can_be_had_in_parts() -> None:
    with serve("wsgiref", f"{HERE}:wsgi_app") as server:
        answer = request(server.address, "POST", "/", json_body={"name": "Žofie"})
        assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "text/plain", b"hello")


def test_further_arguments_reach_the_server() -> None:
    with serve("gunicorn", f"{HERE}:wsgi_app", args=["--workers", "2"]) as server:
        server.wait_for_output("Booting worker", times=2)
        assert len(server.processes()) == 3


def test_an_app_that_cannot_be_imported_is_an_error_with_the_output() -> None:
    with pytest.raises(ServerFailed, match="no_such_app"), serve("uvicorn", f"{HERE}:no_such_app"):
        pass


def test_a_server_that_never_answers_is_an_error() -> None:
    sleeper = [sys.executable, "-c", "import time; print('slept', flush=True); time.sleep(600)"]
    with pytest.raises(ServerFailed, match="it takes connections"), run(sleeper, free_port(), timeout=0.3):
        pass


def test_nothing_is_left_of_a_server_when_the_test_fails() -> None:
    def failing_test() -> None:
        with serve("gunicorn", f"{HERE}:wsgi_app") as server:
            servers.append(server)
            raise ZeroDivisionError

    servers: list[Server] = []
    with pytest.raises(ZeroDivisionError):
        failing_test()
    assert not servers[0].processes()


@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs util-linux")
def test_a_server_ends_with_a_test_run_that_is_killed() -> None:
    program = f"""
import os
from tests.support.servers import serve
with serve("gunicorn", "{HERE}:wsgi_app") as server:
    print(server.address[1], flush=True)
    os._exit(0)
"""
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    port = int(killed.stdout)
    until(lambda: not connects(("127.0.0.1", port)), what="the server has ended")


def test_a_server_starts_without_the_settings_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHADOWTAP_PERCENT", "5")
    found = environment({"SHADOWTAP_ROLE": "shadow"})
    assert "SHADOWTAP_PERCENT" not in found
    assert found["SHADOWTAP_ROLE"] == "shadow"
