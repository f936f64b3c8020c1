"""``shadowtap demo``: watch real requests go all the way."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from typing import Any

NEEDED = ("fastapi", "flask", "gunicorn", "httpbin", "sqlalchemy", "uvicorn")


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "demo",
        help="watch two apps, their shadows, and every promise being checked",
        description="Start httpbin and a small shop with their shadows on this machine, send requests with "
        "personal data, show what the shadows received, and check every promise. "
        "Exit status: 0 when all held, 1 when one did not.",
    )
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Play the demo."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        print(f"the demo needs {', '.join(missing)}: pip install 'shadowtap[demo]'", file=sys.stderr)
        return 2
    from shadowtap.demo.show import run as play

    return play()
