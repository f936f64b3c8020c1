"""Which requests are mirrored, and to which targets: the settings, compiled."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from fnmatch import translate as translate_value
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from shadowtap.capture.decorators import MarkedShare, seen
from shadowtap.capture.sampling import Positions, key_finder, sticky_position
from shadowtap.outcome import Outcome
from shadowtap.settings import Rule, Settings
from shadowtap.telemetry.ledger import NO_TARGET

HeaderOf = Callable[[str], str | None]
"""Returns the value of a header by its lower-cased name."""


class Choice:
    """What one rule (or the absence of rules) says: targets with their shares, and headers for the copy."""

    def __init__(self, settings: Settings, rule: Rule | None) -> None:
        named = settings.targets
        percent: float | None = None
        self.set_headers: tuple[tuple[str, str], ...] = ()
        self.keep_headers: tuple[str, ...] = ()
        if rule is not None:
            if rule.targets is not None:
                named = tuple(target for target in named if target.name in rule.targets)
            percent = rule.percent
            self.set_headers = rule.set_headers
            self.keep_headers = rule.keep_headers
        self.names = tuple(target.name for target in named)
        self.left_out = tuple(t.name for t in settings.targets if t.name not in self.names)
        """Targets that the rule does not name."""
        self._shares = tuple((t.name, _first(percent, t.percent, settings.percent)) for t in named)
        self._whole = all(share >= 100 for _, share in self._shares)
        self._positions = Positions()

    def all_of(self, plan: Plan) -> Selected | None:
        """Return that every target gets a copy of every request; ``None`` if that is not so."""
        return Selected(plan, self, None, self.names) if self._whole else None

    def pick(self, key: str | None, share: MarkedShare | None) -> tuple[str, ...]:
        """Return the names of the targets that get a copy; an endpoint's own share goes before ours."""
        own = share.percent if share is not None else None
        if own is None and self._whole:
            return self.names
        if key is not None:
            position = sticky_position(key)
        else:
            position = (self._positions if own is None or share is None else share.positions).draw()
        if own is not None:
            return self.names if position < own else ()
        return tuple(name for name, percent in self._shares if position < percent)


class Selected(NamedTuple):
    """What was decided on a request when it arrived."""

    plan: Plan
    choice: Choice
    key: str | None
    """The sticky key."""
    names: tuple[str, ...] | None
    """The targets that get a copy; ``None`` while the endpoint may still change that."""


class Plan:
    """The settings in the form in which a request asks them. Immutable but for its sequences."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.key_of = key_finder(settings.sticky)
        self._paused = not settings.enabled or not settings.targets
        self._default = Choice(settings, None)
        self._rules = [(_Matcher(rule), Choice(settings, rule), rule.mirror) for rule in settings.rules]
        self._include = [glob(pattern) for pattern in settings.include]
        self._exclude = [glob(pattern) for pattern in settings.exclude]
        self._methods = frozenset(settings.methods)
        self._by_path = bool(self._include or self._exclude or self._rules)
        self.names = self._default.names or (NO_TARGET,)
        asks = self._methods or self._by_path or self.key_of or settings.select == "marked"
        self._always = None if asks else self._default.all_of(self)

    @property
    def always(self) -> Selected | None:
        """What holds for every request alike; ``None`` if that depends on the request."""
        return None if seen.any else self._always

    def closed(self) -> Outcome | None:
        """Return why nothing is mirrored at this moment, if so."""
        if self._paused:
            return Outcome.PAUSED
        until = self.settings.until
        if until is not None and time.time() >= until:
            return Outcome.EXPIRED
        return None

    def choose(self, method: str, path: bytes, header: HeaderOf) -> Choice | Outcome:
        """Return what holds for a request with this method, raw path and headers."""
        if self._methods and method not in self._methods:
            return Outcome.EXCLUDED
        if not self._by_path:
            return self._default
        plain = unquote_to_bytes(path).decode("utf-8", "replace")
        if self._include and not any(pattern(plain) for pattern in self._include):
            return Outcome.EXCLUDED
        if any(pattern(plain) for pattern in self._exclude):
            return Outcome.EXCLUDED
        for matcher, choice, mirrored in self._rules:
            if matcher.matches(method, plain, header):
                return choice if mirrored else Outcome.EXCLUDED
        return self._default

    @property
    def waits_for_endpoint(self) -> bool:
        """Whether the endpoint may still change what holds for a request."""
        return seen.any or self.settings.select == "marked"

    def key(self, source: Mapping[str, Any]) -> str | None:
        """Return the sticky key of a request, given its ASGI scope or WSGI environ."""
        return self.key_of(source) if self.key_of is not None else None


class _Matcher:
    def __init__(self, rule: Rule) -> None:
        self._path = glob(rule.path) if rule.path else None
        self._methods = frozenset(rule.methods)
        self._when = [(name, re.compile(translate_value(value)).match) for name, value in rule.when]

    def matches(self, method: str, path: str, header: HeaderOf) -> bool:
        if self._methods and method not in self._methods:
            return False
        if self._path is not None and not self._path(path):
            return False
        return all((value := header(name)) is not None and match(value) for name, match in self._when)


def upgrades(protocol: str, method: str) -> bool:
    """Tell whether a request asks for something else than an HTTP answer.

    Offering HTTP/2 does not count: some clients do so with each first request
    (RFC 7540, section 3.2), and servers ignore it.
    """
    return method == "CONNECT" or protocol.strip().lower() not in ("", "h2c")


def glob(pattern: str) -> Callable[[str], object]:
    """Compile a path glob: ``*`` and ``?`` within a segment, ``**`` across segments."""
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    meaning = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts), re.DOTALL).fullmatch


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)
