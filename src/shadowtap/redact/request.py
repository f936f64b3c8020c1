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
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import Engine, Walk

_METHOD = re.compile(r"[A-Za-z][A-Za-z\-]{0,19}")
_MAX_SURVIVORS = 32


class RequestRedactor:
    """Redacts requests; may raise anything, and then nothing may be sent."""

    def __init__(self, engine: Engine, surrogates: Surrogates) -> None:
        self._engine = engine
        self._surrogates = surrogates

    def redact(
        self, request: CapturedRequest, keep_headers: tuple[str, ...], budget: Budget
    ) -> RedactedRequest:
        """Return the request without its personal data.

        What was removed in one place and is found in another is replaced there
        too, in a second pass. What is still there after that is an error.
        """
        redacted, found = self._pass(request, keep_headers, budget, {})
        if not found:
            return redacted
        budget.part = "check"
        if len(found) > _MAX_SURVIVORS:
            raise RedactionFailed("check: too much of what was removed occurs elsewhere in the request")
        known = {text: fresh or self._surrogates.text(entities.SECRET, text) for text, fresh in found.items()}
        redacted, found = self._pass(request, keep_headers, budget, known)
        if found:
            raise RedactionFailed("check: something that was removed is still in the request")
        return redacted

    def _pass(
        self, request: CapturedRequest, keep: tuple[str, ...], budget: Budget, known: Mapping[str, str]
    ) -> tuple[RedactedRequest, dict[str, str]]:
        """Redact all parts once; return the removed strings that are still there as well."""
        walk = Walk(self._engine, budget, known)
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
        budget.part = "check"
        values = [value for index, (_, value) in enumerate(head.fields) if index not in head.kept]
        sent = [way.encode(), query.encode(), content, *values, *walk.readings]
        removed = [text for text in walk.removed if not is_field_word(text)]
        found = survivors(removed, sent, budget.check)
        asked = head.host.decode()
        host = b"" if any(text in asked for text in removed) else head.host
        redacted = RedactedRequest(request.method, sent[0], sent[1], head.fields, content, host)
        return redacted, {text: walk.removed[text] for text in found}
