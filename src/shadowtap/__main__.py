"""``python -m shadowtap``: the same as the ``shadowtap`` command."""

from __future__ import annotations

from shadowtap.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
