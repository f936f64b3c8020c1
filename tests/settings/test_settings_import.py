"""Importing the settings is cheap and has no effects."""

from __future__ import annotations

import subprocess
import sys

LATE = ["difflib", "tomllib", "ipaddress", "hashlib", "hmac", "urllib.parse"]


def run(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_modules_that_few_values_need_are_imported_late(bare_environment: dict[str, str]) -> None:
    code = f"import sys, shadowtap.settings\nprint([name for name in {LATE} if name in sys.modules])"
    assert run(code, bare_environment) == "[]"


def test_the_import_reads_no_variable_and_starts_no_thread(bare_environment: dict[str, str]) -> None:
    code = (
        "import os, threading\n"
        "class Closed(dict):\n"
        "    def __getitem__(self, name):\n"
        "        assert not str(name).startswith('SHADOWTAP_')\n"
        "        return super().__getitem__(name)\n"
        "    get = __getitem__\n"
        "os.environ['SHADOWTAP_PERCENT'] = 'wrong'\n"
        "import logging\n"
        "import shadowtap.settings\n"
        "print(threading.active_count(), logging.getLogger('shadowtap.settings').handlers)"
    )
    assert run(code, bare_environment) == "1 []"
