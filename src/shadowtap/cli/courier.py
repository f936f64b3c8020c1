"""``shadowtap courier``: a courier shared by the web processes of a host or pod."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from shadowtap.cli.socket_path import socket_path
from shadowtap.courier.dependencies import EX_CONFIG, missing
from shadowtap.courier.priority import lower


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "courier",
        help="run a courier that several web processes share",
        description="Run a courier that the web processes of a host or pod share. They find it by "
        "SHADOWTAP_COURIER=unix:///path. It ends on SIGTERM, after draining.",
    )
    parser.add_argument(
        "--listen",
        required=True,
        type=socket_path,
        metavar="unix:///PATH",
        help="socket, made with mode 0600",
    )
    parser.add_argument(
        "--priority",
        choices=("idle", "low", "normal"),
        default="idle",
        help="how it shares the processor: idle (default) takes what others leave, low has nice 19",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    lower(arguments.priority)
    lacking = missing()
    if lacking is not None:
        print(f"shadowtap: {lacking}", file=sys.stderr)
        return EX_CONFIG
    from shadowtap.courier import process

    return process.run(listen=arguments.listen)
