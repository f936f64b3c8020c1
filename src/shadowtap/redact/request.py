"""A whole request: its parts in turn, then the check of what came out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shadowtap.exceptions import RedactionFailed
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact import body, entities, form, headers, path
from shadowtap.redact.budget import Budget
from shadowtap.redact.check import survivors
from shadowtap.redact.keys import is_field_word
from shadowtap.redact.notes import Note
from shadowtap.redact.reading import Reading, Unread
from shadowtap.redact.ruled_walk import RuledWalk
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import Engine, Walk

_METHOD = re.compile(r"[A-Za-z][A-Za-z\-]{0,19}")
_MAX_SURVIVORS = 32


class RequestRedactor:
    """Redacts requests; may raise anything, and then nothing may be sent."""

    def __init__(self, engine: Engine, surrogates: Surrogates, reading: Reading) -> None:
        self._engine = engine
        self._surrogates = surrogates
        self._reading = reading

    def redact(
        self,
        request: CapturedRequest,
        keep_headers: tuple[str, ...],
        budget: Budget,
        notes: list[Note] | None = None,
    ) -> RedactedRequest:
        """Return the request without its personal data.

        What was removed in one place and is found in another is replaced there
        too, in a second pass. What is still there after that is an error.
        ``notes`` gets what the last pass decided.
        """
        redacted, found = self._pass(request, keep_headers, budget, {}, notes)
        if not found:
            return redacted
        budget.part = "check"
        if len(found) > _MAX_SURVIVORS:
            raise RedactionFailed("check: too much of what was removed occurs elsewhere in the request")
        known = {text: fresh or self._surrogates.text(entities.SECRET, text) for text, fresh in found.items()}
        if notes is not None:
            notes.clear()
        redacted, found = self._pass(request, keep_headers, budget, known, notes)
        if found:
            raise RedactionFailed("check: something that was removed is still in the request")
        return redacted

    def _walk(self, budget: Budget, known: Mapping[str, str], notes: list[Note] | None) -> Walk:
        if self._engine.rules is None:
            return Walk(self._engine, budget, known, notes)
        return RuledWalk(self._engine, budget, known, self._engine.rules, notes)

    def _pass(
        self,
        request: CapturedRequest,
        keep: tuple[str, ...],
        budget: Budget,
        known: Mapping[str, str],
        notes: list[Note] | None,
    ) -> tuple[RedactedRequest, dict[str, str]]:
        """Redact all parts; return the removed strings that are still there as well."""
        try:
            return self._once(request, keep, self._walk(budget, known, notes))
        except Unread:
            self._reading.read(budget.check)
        if notes is not None:
            notes.clear()
        return self._once(request, keep, self._walk(budget, known, notes))

    def _once(
        self, request: CapturedRequest, keep: tuple[str, ...], walk: Walk
    ) -> tuple[RedactedRequest, dict[str, str]]:
        budget = walk.budget
        budget.part = "method"
        if not _METHOD.fullmatch(request.method):
            raise RedactionFailed("method: not a known form")
        budget.part = "headers"
        head = headers.redact(request.headers, keep, walk, self._surrogates)
        budget.part = "path"
        raw_path = request.path.decode()
        way = path.redact(raw_path, walk, request.route)
        budget.part = "query"
        topic = path.topic(raw_path)
        query = form.redact(request.query.decode(), walk, topic)
        budget.part = "body"
        content = body.redact(b"".join(request.body), request.headers, walk, topic, self._surrogates.keyed)
        self._reading.require()
        budget.part = "check"
        values = [value for index, (_, value) in enumerate(head.fields) if index not in head.kept]
        sent = [way.encode(), query.encode(), content, *values, *walk.readings]
        removed = _looked_for(walk)
        found = survivors(removed, sent, budget.check)
        asked = head.host.decode()
        host = b"" if any(text in asked for text in removed) else head.host
        redacted = RedactedRequest(request.method, sent[0], sent[1], head.fields, content, host)
        return redacted, {text: walk.removed[text] for text in found}


def _looked_for(walk: Walk) -> list[str]:
    """Return the removed strings that must not leave: no words of field names, nothing that a rule keeps."""
    removed = [text for text in walk.removed if not is_field_word(text)]
    if not walk.kept:
        return removed
    kept = "\0".join(walk.kept).encode("utf-8", "surrogatepass")
    excused = set(survivors(removed, [kept], walk.budget.check))
    return [text for text in removed if text not in excused]
