"""The door of the stage: a captured request in, a redacted one out, or an error that says why not."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Iterable, Sequence

from shadowtap.exceptions import CourierError, NotRedacted, RedactionFailed
from shadowtap.exchange import CapturedRequest, RedactedRequest
from shadowtap.redact.budget import Budget
from shadowtap.redact.leaf import LeafRedactor
from shadowtap.redact.nested import Nested
from shadowtap.redact.notes import Note, Observer, settled
from shadowtap.redact.reading import Model, Reading
from shadowtap.redact.request import RequestRedactor
from shadowtap.redact.rules import Maker, Rules
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.values import Values
from shadowtap.redact.walk import Engine
from shadowtap.settings.model import RedactRule

CACHED_DECISIONS = 50_000
"""Decisions on values that are remembered, as keyed digests: about 15 MB when full."""

_WARM_UP = CapturedRequest(
    "POST",
    "https",
    b"/users/7/orders",
    b"page=2&email=ada%40example.com",
    (
        (b"host", b"example.com"),
        (b"content-type", b"application/json"),
        (b"x-forwarded-for", b"192.0.2.7, 2001:db8::7"),
    ),
    (
        b'{"name": "Ada Lovelace", "phone": "+1 212 555 0187", "card": {"number": "4111 1111 1111 1111"},',
        b'"dob": "1815-12-10", "iban": "DE89370400440532013000", "note": "at noon", "ssn": "123-45-6789"}',
    ),
    "192.0.2.7",
    "",
)


class Redactor:
    """Takes personal data out of requests and puts surrogates in its place.

    ``key`` makes the surrogates: the same key, the same surrogates, in every
    process and after every restart; ``None`` takes a random one. ``timeout`` is
    the time for one request in seconds. Not safe for use by several threads at
    once. Construction imports Presidio (a second or two); raises
    ``CourierError`` when that is not installed, or when a model or recogniser
    cannot be had. The other arguments are what ``redact_…`` settings say.
    """

    def __init__(
        self,
        key: bytes | None,
        *,
        timeout: float = 2.0,
        model: str | None = None,
        recognisers: Iterable[str] = (),
        recogniser_file: str | None = None,
        countries: Iterable[str] = (),
        rules: Sequence[RedactRule] = (),
        free_text: str = "scrub",
        strict: bool = False,
    ) -> None:
        try:
            from shadowtap.redact.presidio import Detector  # slow, and only the courier needs it
        except ImportError as error:
            missing = error.name or "presidio_analyzer"
            raise CourierError(
                f"redaction needs Presidio, but {missing} cannot be imported: pip install presidio-analyzer"
            ) from None
        surrogates = Surrogates(random.token_bytes(32) if key is None else key)
        self._timeout = timeout
        self._detector = Detector(
            recognisers=recognisers, recogniser_file=recogniser_file, countries=countries, timeout=timeout
        )
        asked = free_text == "ner" or any(rule.action == "ner" for rule in rules)
        if asked and model is None and not self._detector.custom:
            raise CourierError(
                "free text as ner needs redact_model, or a recogniser of names in redact_recognisers"
            )
        self._reading = Reading(_model(model) if model is not None else None)
        leaves = LeafRedactor(
            surrogates, self._detector, self._reading, reads=free_text == "ner", strict=strict
        )
        engine = Engine(leaves, surrogates.keyed, Nested(surrogates), CACHED_DECISIONS)
        if rules:
            engine.rules = Rules(rules, Maker(leaves, surrogates), engine.remembered)
        self._requests = RequestRedactor(engine, surrogates, self._reading)
        self.values = Values(engine, surrogates, self._reading, self._detector.entities(), timeout)
        """Redacts single values as if they stood in a request."""

    def warm_up(self) -> None:
        """Do once what only the first request would have to wait for.

        Raises ``RedactionFailed`` when a recogniser of the user's does not work.
        """
        self._detector.warm_up()
        self._requests.redact(_WARM_UP, (), Budget(60.0))
        self._reading.forget()

    def redact(
        self,
        request: CapturedRequest,
        *,
        keep_headers: tuple[str, ...] = (),
        note: Callable[[str], None] | None = None,
        observer: Observer | None = None,
    ) -> RedactedRequest:
        """Return the request without personal data.

        ``keep_headers`` are lower-case names of credential headers that are
        copied all the same; ``note`` is told each part before it is begun, and
        ``observer`` what was decided, up to where it failed if it did. Raises
        ``RedactionFailed`` or ``UnsupportedBody``, nothing else, and then the
        request must not be sent.
        """
        budget = Budget(self._timeout, note)
        notes: list[Note] | None = None if observer is None else []
        try:
            redacted = self._requests.redact(request, keep_headers, budget, notes)
            budget.check()
        except NotRedacted as refusal:
            failure: NotRedacted = refusal
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing unredacted may leave
            # The error itself may hold a value, so only its type goes on, and it is not chained.
            failure = RedactionFailed(f"{budget.part}: {type(error).__name__}")
        else:
            return redacted
        finally:
            self._reading.forget()
            if observer is not None:
                for decided in settled(notes or ()):
                    observer.noted(decided)
        # A decoding error, for one, carries the whole body: no trace of where this came from goes on.
        failure.__context__ = failure.__cause__ = None
        raise failure.with_traceback(None)


def _model(name: str) -> Model:
    from shadowtap.redact.presidio.model import SpacyModel  # only for those who ask for it

    return SpacyModel(name)
