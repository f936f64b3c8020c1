from __future__ import annotations

import pytest

from shadowtap.redact import Redactor
from tests.redact.asking import KEY


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    made = Redactor(KEY, timeout=60.0)
    made.warm_up()
    return made
