"""``python -m shadowtap.redact.trial``: can a redactor be made with this model and these recognisers?

Takes the arguments of ``Redactor`` as JSON on its input, and says on its output
how it went, in one line: the exit status is 0 when it works.
"""

from __future__ import annotations

import json
import sys

from shadowtap.exceptions import ShadowtapError
from shadowtap.redact import Redactor


def main() -> int:
    """Make the redactor and have it redact something."""
    try:
        Redactor(None, timeout=60.0, **json.load(sys.stdin)).warm_up()
    except ShadowtapError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    sys.stdout.write("model and recognisers are loaded and work\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
