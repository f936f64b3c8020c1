"""The ``shadowtap`` command. One file per subcommand, each with ``add`` (its options) and ``run``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import shadowtap
from shadowtap.cli import check, courier, demo, discover, pseudonymize, redact, status
from shadowtap.exceptions import ShadowtapError

COMMANDS = (check, courier, status, redact, discover, pseudonymize, demo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="shadowtap",
        description="Mirror real production requests, redacted, to a guarded shadow of the app's successor.",
    )
    parser.add_argument("--version", action="version", version=f"shadowtap {shadowtap.__version__}")
    subcommands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(subcommands)
    chosen = parser.parse_args(arguments)
    try:
        result: int = chosen.run(chosen)
    except ShadowtapError as error:
        print(f"shadowtap: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who reads, say `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"shadowtap: {error}", file=sys.stderr)
        return 2
    return result
