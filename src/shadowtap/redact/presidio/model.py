"""Names in free text by a spaCy model of the user's choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from shadowtap.exceptions import CourierError
from shadowtap.redact import entities
from shadowtap.redact.entities import Finding
from shadowtap.redact.presidio.watched import silence, stay_offline

_UNUSED = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
_BATCH = 64

# Models of some languages are trained on OntoNotes, those of others on Wikipedia, with labels of its own.
_ENTITIES = {
    "PERSON": entities.PERSON,
    "PER": entities.PERSON,
    "GPE": entities.PLACE,
    "LOC": entities.PLACE,
    "FAC": entities.PLACE,
    "ORG": entities.ORGANISATION,
    "NORP": entities.GROUP,
}


class SpacyModel:
    """Reads many texts in one pass, and forgets them."""

    def __init__(self, name: str) -> None:
        """Load an installed model package, or a folder that holds one; raise ``CourierError``.

        Nothing is downloaded.
        """
        stay_offline()
        self._nlp = _loaded(name)
        silence()

    def read(self, texts: Sequence[str], tick: Callable[[], None]) -> list[list[Finding]]:
        """Return the names in each text; ``tick`` is called between batches and may raise."""
        found: list[list[Finding]] = []
        # Without the zone each new word would stay in the vocabulary.
        with self._nlp.memory_zone():
            for start in range(0, len(texts), _BATCH):
                tick()
                batch = texts[start : start + _BATCH]
                # As plain values: nothing of the zone may be used after its end.
                found.extend(map(_names, self._nlp.pipe(batch, batch_size=_BATCH)))
        return found


def _names(doc: Doc) -> list[Finding]:
    return [
        Finding(span.start_char, span.end_char, _ENTITIES[span.label_])
        for span in doc.ents
        if span.label_ in _ENTITIES and any(map(str.isalnum, span.text))
    ]


def _loaded(name: str) -> Language:
    try:
        # A folder is meant only if it is written as one: a package must not be hidden by what lies around.
        model = Path(name) if "/" in name else name
        nlp = spacy.load(model, exclude=_UNUSED)
    except (OSError, ValueError, ImportError) as error:
        known = "/" in name or find_spec(name.replace("-", "_").partition(".")[0]) is not None
        reason = f"cannot be loaded: {type(error).__name__}" if known else "is not installed"
        raise CourierError(
            f"redact_model: {name} {reason}. It is the name of an installed spaCy model package or the "
            "path of a model's folder, and is never downloaded"
        ) from None
    if "ner" not in nlp.pipe_names:
        raise CourierError(f"redact_model: {name} does not recognise names; it has no component 'ner'")
    return nlp
