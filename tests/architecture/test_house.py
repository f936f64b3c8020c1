"""What ``tests/conftest.py`` promises, seen from a test run of its own."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"


@pytest.fixture
def house(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8").replace("+ 5\n", "+ 0.2\n"))
    return pytester


def closed_port() -> int:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port: int = reserved.getsockname()[1]
        return port


def test_a_thread_that_is_left_behind_is_an_error(house: pytest.Pytester) -> None:
    house.makepyfile(
        """
        import threading
        def test_leak():
            threading.Timer(0.6, print).start()
        """
    )
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the test left behind: thread *"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are listed on Linux alone")
def test_a_process_that_is_left_behind_is_ended_and_an_error(house: pytest.Pytester) -> None:
    house.makepyfile(
        """
        import os, time
        def test_leak():
            if os.fork() == 0:
                time.sleep(60)
        def test_none_is_left():
            import pytest
            with pytest.raises(ChildProcessError):
                os.waitpid(-1, os.WNOHANG)
        """
    )
    result = house.runpytest_subprocess("-p", "no:randomly")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*the test left behind: process *"])


def test_a_variable_that_is_left_behind_is_an_error(house: pytest.Pytester) -> None:
    house.makepyfile("import os\ndef test_leak():\n    os.environ['SHADOWTAP_PERCENT'] = '1'")
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the test left behind: variable SHADOWTAP_PERCENT*"])


def test_what_a_test_cleans_up_is_no_error(house: pytest.Pytester) -> None:
    house.makepyfile(
        """
        import subprocess, sys, threading
        def test_clean(monkeypatch):
            monkeypatch.setenv("SHADOWTAP_PERCENT", "1")
            subprocess.run([sys.executable, "-c", ""], check=True)
            threading.Thread(target=print).start()
        """
    )
    house.runpytest_subprocess().assert_outcomes(passed=1)


def test_tests_do_not_see_the_settings_of_the_machine(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHADOWTAP_TARGET", "http://elsewhere.example")
    house.makepyfile("import os\ndef test_it():\n    assert 'SHADOWTAP_TARGET' not in os.environ")
    house.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(("ci", "outcome"), [("", "skipped"), ("true", "failed")])
def test_a_missing_service_skips_a_test_but_fails_it_on_ci(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("TEST_REDIS_URL", f"redis://127.0.0.1:{closed_port()}/0")
    house.makepyfile("def test_it(service):\n    service('redis')")
    house.runpytest_subprocess().assert_outcomes(**{outcome: 1})


def test_a_service_is_given_by_its_url(house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/7"
        monkeypatch.setenv("TEST_REDIS_URL", url)
        house.makepyfile(f"def test_it(service):\n    assert service('redis') == {url!r}")
        house.runpytest_subprocess().assert_outcomes(passed=1)
    assert os.environ["TEST_REDIS_URL"] == url
