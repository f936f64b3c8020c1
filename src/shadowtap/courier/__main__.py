"""``python -m shadowtap.courier --fd N``: a courier at the end of an inherited socket."""

from __future__ import annotations

import argparse
import socket

from shadowtap.courier.dependencies import EX_CONFIG, missing
from shadowtap.courier.priority import lower


def main() -> None:
    """Serve the web process that started us, and end with it."""
    parser = argparse.ArgumentParser(prog="python -m shadowtap.courier")
    parser.add_argument("--fd", type=int, required=True, help="inherited socket to the web process")
    parser.add_argument("--priority", choices=("idle", "low", "normal"), default="idle")
    arguments = parser.parse_args()
    lower(arguments.priority)
    lacking = missing()
    if lacking is not None:
        parser.exit(EX_CONFIG, f"shadowtap: {lacking}\n")
    # Only now: these imports take half a second of the processor, in which an app on it would stand still.
    from shadowtap.courier.process import run

    raise SystemExit(run(parent=socket.socket(fileno=arguments.fd)))


if __name__ == "__main__":
    main()
