"""Stage 4: takes personal data out of a captured request, or refuses it.

``Redactor`` is all that other stages use. Importing this package is cheap;
Presidio is imported when a ``Redactor`` is made.
"""

from __future__ import annotations

from shadowtap.redact.redactor import Redactor

__all__ = ["Redactor"]
