"""``shadowtap status``: the funnel of the couriers that run on this host."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from shadowtap import wire
from shadowtap.cli import funnel
from shadowtap.cli.asking import ask_at
from shadowtap.cli.socket_path import socket_path
from shadowtap.courier.place import status_folder
from shadowtap.exceptions import CourierError


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "status",
        help="show what running couriers have received, sent and dropped",
        description="Show the funnel of this user's couriers on this host: those that web processes "
        "started by themselves, and the shared one whose socket is given. Exit status 1: there is none.",
    )
    parser.add_argument(
        "--socket", type=socket_path, metavar="unix:///PATH", help="a shared courier's socket"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, one object per courier")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the status of each courier found."""
    statuses = [ask_at(Path(arguments.socket))] if arguments.socket else _children()
    for status in statuses:
        if arguments.json:
            print(json.dumps(msgspec.to_builtins(status)))
        else:
            print("\n".join(_text(status)))
    if not statuses:
        print("no courier is running: it starts with the first copy", file=sys.stderr)
        return 1
    return 0


def _children() -> list[wire.Status]:
    statuses = []
    for path in sorted(status_folder().glob("courier-*.sock")):
        try:
            statuses.append(ask_at(path))
        except CourierError:
            path.unlink(missing_ok=True)  # its courier was killed before it could remove it
    return statuses


def _text(status: wire.Status) -> list[str]:
    clients = "1 web process" if status.clients == 1 else f"{status.clients} web processes"
    head = (
        f"courier {status.pid} (shadowtap {status.version}), up {status.uptime:.0f} s, {clients}, "
        f"{status.memory / 1e6:.0f} MB, {status.cpu:.1f} s of CPU, "
        f"{status.queued} queued, {status.in_flight} in flight"
    )
    text = [head]
    if status.restarts:
        times = "once" if status.restarts == 1 else f"{status.restarts} times"
        text.append(f"  redacting process replaced {times}, as it hung, died or grew")
    for target in sorted({*status.counts, *status.pending}):
        text += funnel.lines(target, status.counts.get(target, {}), status.pending.get(target, 0))
        if target in status.breakers:
            text.append(f"  breaker {status.breakers[target]}")
    return text
