from __future__ import annotations

from tests.support.collecting import collected, undecorated

__all__ = ["collected", "undecorated"]
