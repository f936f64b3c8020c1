"""Recognisers of the user's own: by dotted paths, and out of a file in Presidio's format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from presidio_analyzer import EntityRecognizer, RecognizerResult, RemoteRecognizer
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerConfigurationLoader

from shadowtap import shield
from shadowtap.exceptions import CourierError, RedactionFailed
from shadowtap.redact.entities import Finding
from shadowtap.redact.presidio.cues import Cues, among, cues, near, words_of
from shadowtap.redact.presidio.run import THRESHOLD, boosted, run
from shadowtap.redact.presidio.watched import stay_offline, watch

MAX_TEXT = 4096
"""Characters up to which they are asked; longer values are scrubbed whole."""


class _Member(NamedTuple):
    recogniser: EntityRecognizer
    name: str
    cues: Cues
    thresholds: dict[str, float]


class UserRecognisers:
    """Recognisers that somebody else wrote: nothing that they do passes for a miss."""

    def __init__(self, recognisers: Iterable[EntityRecognizer], timeout: float) -> None:
        self._members = [
            _Member(watch(made), _name(made), cues(made.context or (), frozenset()), made.score_thresholds)
            for made in recognisers
        ]
        self._timeout = timeout
        self._artefacts = _no_artefacts()
        self.recognisers = [member.recogniser for member in self._members]

    def __bool__(self) -> bool:
        return bool(self._members)

    def find(self, text: str, words: frozenset[str]) -> list[Finding]:
        """Return what they find in a text; raise ``RedactionFailed`` with the name of one that fails."""
        found: list[Finding] = []
        if not self._members or len(text) > MAX_TEXT:
            return found
        for member in self._members:
            began = monotonic()
            try:
                found += self._results(member, text, words)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others, any error is theirs
                raise RedactionFailed(f"recogniser {member.name}: {type(error).__name__}") from None
            if monotonic() - began > self._timeout:
                raise RedactionFailed(f"recogniser {member.name}: took too long")
        return found

    def _results(self, member: _Member, text: str, words: frozenset[str]) -> Iterator[Finding]:
        results = run(member.recogniser, text, self._artefacts)
        if not results:
            return
        results = member.recogniser.enhance_using_context(text, results, [], self._artefacts, list(words))
        places = words_of(text) if member.cues else []
        for result in results:
            _check(result, text)
            cued = among(member.cues, words | near(places, result.start, result.end))
            if result.start == result.end:
                continue
            threshold = member.thresholds.get(result.entity_type, member.thresholds.get("default", THRESHOLD))
            yield from boosted(result, cued=cued, threshold=threshold)


def load(paths: Iterable[str], file: str | None) -> list[EntityRecognizer]:
    """Return the recognisers at dotted paths and in a file; raise ``CourierError`` if one cannot be had."""
    stay_offline()
    made = [_at(path) for path in paths]
    if file is not None:
        made += _in_file(file)
    return made


def _at(path: str) -> EntityRecognizer:
    """Return the recogniser at ``package.module:name``: a subclass, an instance, or what a function makes."""
    module, _, name = path.partition(":")
    try:
        found: Any = reduce(getattr, name.split("."), import_module(module))
        if not isinstance(found, EntityRecognizer):
            found = found()
    except ImportError as error:
        raise CourierError(f"redact_recognisers: {path} cannot be imported: {error}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others
        raise CourierError(f"redact_recognisers: {path} cannot be made: {shield.where(error)}") from None
    if not isinstance(found, EntityRecognizer):
        raise CourierError(f"redact_recognisers: {path} is no EntityRecognizer of Presidio's")
    return _usable(found, f"redact_recognisers: {path}")


def _in_file(file: str) -> list[EntityRecognizer]:
    """Return the recognisers that a file defines in Presidio's own format."""
    place = f"redact_recogniser_file: {file}"
    try:
        # Presidio takes its defaults in place of a file that it cannot open.
        Path(file).read_bytes()
        given = RecognizerConfigurationLoader.get(conf_file=file)
        # It also leaves out, with a warning, what is for a language that the file does not name above.
        given["supported_languages"] = _languages(given)
        provider = RecognizerRegistryProvider(registry_configuration=given)
        made = list(provider.create_recognizer_registry().recognizers)
    except OSError as error:
        raise CourierError(f"{place} cannot be read: {error.strerror}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - Presidio's loader raises anything
        reason = error.__cause__ or error
        raise CourierError(f"{place} is not valid: {' '.join(str(reason).split())[:400]}") from None
    if not made:
        raise CourierError(f"{place} defines no recogniser that is enabled")
    return [_usable(recogniser, place) for recogniser in made]


def _languages(given: dict[str, Any]) -> list[str]:
    """Return all languages that a file names: the values of fields are of none."""
    languages = set(given.get("supported_languages") or ["en"])
    for item in given["recognizers"] or ():
        if isinstance(item, dict):
            several = item.get("supported_languages") or ()
            languages |= {entry["language"] if isinstance(entry, dict) else entry for entry in several}
            languages |= {item["supported_language"]} if item.get("supported_language") else set()
    return sorted(languages)


def _usable(recogniser: EntityRecognizer, place: str) -> EntityRecognizer:
    if isinstance(recogniser, RemoteRecognizer):
        raise CourierError(f"{place}: {type(recogniser).__name__} would send texts elsewhere unredacted")
    if isinstance(recogniser, SpacyRecognizer):
        raise CourierError(f"{place}: {type(recogniser).__name__} needs an NLP engine; set redact_model")
    return recogniser


def _name(recogniser: EntityRecognizer) -> str:
    kind, name = type(recogniser).__name__, getattr(recogniser, "name", "")
    return f"{kind} ({name})" if name and name != kind else kind


def _check(result: RecognizerResult, text: str) -> None:
    """Raise ``ValueError`` for a result that lies outside of the text: what it means is not known."""
    if not 0 <= result.start <= result.end <= len(text) or not isinstance(result.entity_type, str):
        raise ValueError("a result outside of the text")


def _no_artefacts() -> Any:
    """Return artefacts of no text, as a recogniser gets them from an engine without a model."""
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    engine.load()
    return engine.process_text("", "en")
