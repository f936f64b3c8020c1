from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.examples.shops import STEPS
from tests.support.servers import ROOT, free_port, request, run

READMES = sorted((ROOT / "examples").glob("*_app/README.md"))
LIMIT = 20


def commands(readme: Path) -> list[str]:
    """Return what the code blocks of a page hold."""
    return re.findall(r"^```sh\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def taken_apart(command: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a command and the variables that stand before it."""
    words = shlex.split(command.replace("\\\n", " "))
    first = next(index for index, word in enumerate(words) if not re.match(r"[A-Z_]+=", word))
    return words[first:], dict(word.split("=", 1) for word in words[:first])


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_the_commands_of_a_readme_start_a_mirrored_shop(readme: Path, tmp_path: Path) -> None:
    shadow_command, primary_command = commands(readme)
    ports = {"8001": str(free_port()), "8000": str(free_port())}

    def here(command: str) -> tuple[list[str], dict[str, str]]:
        text = re.sub("800[01]", lambda match: ports[match.group()], command)
        words, variables = taken_apart(text.replace("/tmp/", f"{tmp_path}/"))
        beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return words, {"PATH": beside, "HOME": str(tmp_path), "SHADOWTAP_TIMEOUT": "60s", **variables}

    shadow_words, shadow_env = here(shadow_command)
    primary_words, primary_env = here(primary_command)
    order = next(step[2] for step in STEPS if step[1] == "/orders")
    with (
        run(shadow_words, int(ports["8001"]), env=shadow_env) as shadow,
        run(primary_words, int(ports["8000"]), env=primary_env) as primary,
    ):
        assert request(primary.address, "POST", "/orders", json_body=order).status == 201

        def has_the_order() -> bool:
            return request(shadow.address, "GET", "/orders/1").status == 200

        primary.wait("the shadow has the order", has_the_order, timeout=60)
    assert (tmp_path / "shop.jsonl").exists()
    assert not (tmp_path / "shop-shadow.jsonl").exists()


def test_the_commands_of_the_readmes_are_looked_for() -> None:
    assert [readme.parent.name for readme in READMES] == ["django_app", "fastapi_app", "flask_app"]


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_a_readme_is_short(readme: Path) -> None:
    assert len(readme.read_text(encoding="utf-8").splitlines()) <= LIMIT
