from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.doors.pairs")

from tests.doors.pairs import pair  # noqa: E402
from tests.support.collecting import collected, undecorated  # noqa: E402

__all__ = ["collected", "pair", "undecorated"]
