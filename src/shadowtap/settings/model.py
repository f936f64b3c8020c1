"""The settings as frozen values: what the rest of the package reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec


class Secret:
    """A secret whose ``repr`` and ``str`` do not show it."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """Return the secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A shadow deployment that gets copies."""

    name: str
    """Label in rules, metrics and reports; the URL's host and port unless named."""
    url: str
    """``http(s)://host[:port][/prefix]``; the prefix goes before the path of each copy."""
    percent: float | None = None
    """Share of the requests, 0 to 100; the global ``percent`` when absent."""
    host: str = "target"
    """``Host`` of the copy: ``target``, ``original``, ``suffix`` (``-shadow`` before the port), a literal."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers set on every copy to this target; may be secret, so never shown."""

    def __repr__(self) -> str:
        return f"<Target {self.name} {self.url}>"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with the requests that it matches. The first matching rule decides, alone."""

    path: str = ""
    """Glob over the decoded path: ``*`` within a segment, ``**`` across; empty for every path."""
    methods: tuple[str, ...] = ()
    """Upper-cased methods; empty for all."""
    when: tuple[tuple[str, str], ...] = ()
    """Pairs of lower-cased header name and glob over its value; all must match."""
    mirror: bool = True
    """``False``: requests that match are ``excluded``."""
    percent: float | None = None
    targets: tuple[str, ...] | None = None
    """Names of targets; all of them when absent."""
    set_headers: tuple[tuple[str, str], ...] = ()
    """Headers set on the copy alone."""
    keep_headers: tuple[str, ...] = ()
    """Lower-cased names of credential headers that reach the shadow as they are."""

    def __repr__(self) -> str:
        return f"<Rule {self.path or '**'} mirror={self.mirror}>"


class RedactRule(msgspec.Struct, frozen=True, kw_only=True):
    """What redaction does with the values at some places. The first rule that matches a place decides."""

    path: str
    """Glob over the place: ``*`` within a name, ``**`` for any number of names."""
    action: Literal["keep", "keep!", "drop", "as", "scrub", "ner"]
    entity: str = ""
    """What a value is replaced ``as``."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set. The variable of a field is ``SHADOWTAP_`` and its upper-cased name."""

    role: Literal["primary", "shadow"] | None = None
    """What ``shadowtap.wrap`` makes of the app; ``primary`` when absent and a target is set."""
    enabled: bool = True
    config: str | None = None
    """Path of the TOML file."""

    targets: tuple[Target, ...] = ()
    percent: float = 100.0
    select: Literal["all", "marked"] = "all"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    sticky: str | Callable[[Mapping[str, Any]], str | None] | None = None
    """``header:NAME``, ``cookie:NAME``, or a callable that takes the ASGI scope or WSGI environ."""
    max_rate: float | None = None
    """Copies per second and process."""
    until: float | None = None
    """Seconds since the epoch."""

    max_body: int = 1024 * 1024
    """Bytes of a request body; a larger one is not mirrored."""
    max_response: int = 64 * 1024
    """Bytes of the primary's answer that are captured."""
    capture_timeout: float = 10.0
    """Seconds after which the copy of a request whose answer streams on is handed over."""
    queue_length: int = 10_000
    queue_bytes: int = 64 * 1024 * 1024
    courier: str = "child"
    """``child`` or the ``unix:///path`` of a shared courier."""
    courier_priority: Literal["idle", "low", "normal"] = "idle"
    """Of a child: ``idle`` runs only when the app leaves the processor free, ``low`` has nice 19."""
    shutdown_grace: float = 3.0
    """Seconds for copies that are queued when the process ends."""

    timeout: float = 5.0
    """Seconds from hand-over to the end of the shadow's answer, queueing included."""
    connections: int = 16
    """Connections to each target, and copies in flight to it."""
    http2: bool = False
    ca_file: str | None = None
    max_answer: int = 64 * 1024
    """Bytes of the shadow's answer that are read."""
    breaker_failures: int = 5
    """Failures in a row that open the breaker of a target."""
    breaker_cooldown: float = 1.0
    """Seconds until the first probe; doubles up to 30 with each that fails."""

    key: Secret | None = None
    """Signs copies on the primary and checks them on the shadow."""
    redact_key: Secret | None = None
    """Makes the surrogates; random for each start when absent."""
    redact_timeout: float = 2.0
    """Seconds for the redaction of one copy."""
    redact_memory: int = 256 * 1024 * 1024
    """Bytes by which the redacting process may grow before it is replaced."""
    redact_model: str | None = None
    """Name of an installed spaCy model package, or path of a model's folder; it finds names in free text."""
    redact_recognisers: tuple[str, ...] = ()
    """``package.module:name`` of Presidio recognisers."""
    redact_recogniser_file: str | None = None
    """Recognisers in Presidio's own format (YAML)."""
    redact_countries: tuple[str, ...] = ()
    """Countries whose numbers are recognised by Presidio's recognisers for them."""
    redact: tuple[RedactRule, ...] = ()
    redact_free_text: Literal["scrub", "ner"] = "scrub"
    """``ner`` replaces only what a model takes for personal."""
    redact_strict: bool = False
    """Single words that nobody recognises are scrubbed, too."""

    guard: Literal["off", "marked", "always"] = "marked"
    signature_window: float = 60.0
    """Seconds by which the clocks of mirror and guard may differ."""
