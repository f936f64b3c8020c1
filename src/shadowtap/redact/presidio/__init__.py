"""Presidio: its recognisers, ours and the user's, run one by one and only where they can match.

The only place that imports ``presidio_analyzer`` and spaCy. What it closes off:

* A regular expression that runs into its time limit is logged and skipped by
  Presidio; here it raises, so that the copy is not sent.
* No NLP engine runs beside the recognisers. A model is asked for names in free
  text alone, if one is configured, and leaves no text in its vocabulary.
* Nothing is fetched: no model, no list of public suffixes.
* Recognisers with unbounded expressions (URL, e-mail) or that take every date,
  UUID or sample number are not loaded; ours stand in under the same entity names.
* Presidio's loggers are silenced: some of their messages hold the text.
"""

from __future__ import annotations

from shadowtap.redact.presidio.detector import Detector
from shadowtap.redact.presidio.watched import RecogniserTimedOut, watch

__all__ = ["Detector", "RecogniserTimedOut", "watch"]
