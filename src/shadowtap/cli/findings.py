"""What was discovered, as a table to read and as rules to review."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from shadowtap.cli.explain import printable
from shadowtap.exceptions import SettingsError
from shadowtap.redact import entities
from shadowtap.redact.discovery import Discovery, Row
from shadowtap.redact.notes import Step
from shadowtap.settings.place import Place
from shadowtap.settings.redact_rules import ENTITIES, place_glob

_LEGAL = {entity: entity for entity in ENTITIES} | {entities.BARE_NAME: entities.PERSON}
"""What a rule can say, by what was found."""


def table(discovery: Discovery, requests: int, refused: Mapping[str, int]) -> Iterator[str]:
    """Yield one line for each place and decision, then what was not sent."""
    rows = list(discovery.rows())
    values = sum(number for _, number in rows) + discovery.beyond
    places = len({row.place for row, _ in rows})
    yield f"{requests:,} requests, {values:,} values at {places:,} places"
    for row, number in rows:
        why = f"{row.step} {row.entity}".rstrip()
        yield f"{number:>12,}  {row.kind:<6}  {row.done:<8}  {why:<32}  {printable(row.place)}"
    if discovery.beyond:
        yield f"{discovery.beyond:>12,}  values at further places"
    for reason, number in Counter(refused).most_common():
        yield f"{number:>12,}  requests not sent: {reason}"


def rules(discovery: Discovery) -> Iterator[str]:
    """Yield the text of a file of rules, one for each place where somebody should say what it is."""
    yield "# Found by shadowtap discover. Review each rule: the comment says what is done without it."
    for place, counts in _by_place(discovery).items():
        action = _action(counts)
        if not action or not _is_glob(place):
            continue
        yield ""
        for seen, number in sorted(counts.items(), key=lambda item: -item[1]):
            yield f"# {number:,} of type {seen.kind} {seen.done}: {seen.step} {seen.entity}".rstrip()
        yield "[[redact]]"
        yield f"path = {json.dumps(place, ensure_ascii=False)}"
        yield action


def _by_place(discovery: Discovery) -> dict[str, dict[Row, int]]:
    places: dict[str, dict[Row, int]] = {}
    for row, number in discovery.rows():
        if row.kind in ("string", "number"):
            places.setdefault(row.place, {})[row] = number
    return places


def _action(counts: Mapping[Row, int]) -> str:
    """Return the line to suggest for a place; empty where its name alone tells all of its values."""
    found: Counter[str] = Counter()
    for row, number in counts.items():
        if row.entity and "+" not in row.entity and row.step is not Step.FREE_TEXT:
            found[row.entity] += number
    steps = {row.step for row in counts}
    if Step.FREE_TEXT in steps:
        return 'action = "scrub"'
    if found and steps & {Step.RECOGNISER, Step.NOBODY}:
        entity = found.most_common(1)[0][0]
        return f'as = "{_LEGAL.get(entity, entities.ID)}"'
    return 'action = "keep"' if any(row.unrecognised for row in counts) else ""


def _is_glob(place: str) -> bool:
    """Tell whether a rule can be written for a place."""
    try:
        return place_glob(place, Place("path")) == place
    except SettingsError:
        return False
