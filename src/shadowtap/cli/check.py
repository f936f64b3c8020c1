"""``shadowtap check``: will this configuration work, and is it wise?"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Any

from shadowtap.cli import probe, redaction
from shadowtap.cli.finding import Finding, Level
from shadowtap.settings import Secret, Settings, load
from shadowtap.settings.redact_rules import keeps_everything

STRONG_KEY = 32
"""Bytes; shorter keys work and are warned of."""

_MANY_CHARACTERS = 8


def add(subcommands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommand's options."""
    parser = subcommands.add_parser(
        "check",
        help="check the settings, the targets, the courier and the key",
        description="Check the settings of this environment: whether they are sound, each target can be "
        "reached and is guarded, the courier can be started, and the keys are strong. "
        "Exit status: 0 when mirroring will work, 1 when not, 2 when a setting is wrong.",
    )
    parser.add_argument("--config", help="settings file, as SHADOWTAP_CONFIG")
    parser.add_argument(
        "--path", default="/", help="path that is asked at each target with the mark of a copy (default: /)"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when there are warnings")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per finding."""
    settings = load(**({"config": arguments.config} if arguments.config else {}))
    worst = Level.OK
    for finding in findings(settings, arguments.path):
        print(finding.line(colour=sys.stdout.isatty()))
        worst = max(worst, finding.level)
    return int(worst is Level.ERROR or (arguments.strict and worst is Level.WARNING))


def findings(settings: Settings, path: str) -> Iterator[Finding]:
    """Yield what there is to say, in the order in which one would ask."""
    yield Finding(Level.OK, "settings", f"sound; role {settings.role or 'primary'}")
    if settings.role == "shadow":
        yield from _guard(settings)
        return
    yield from _switch(settings)
    yield from _end(settings)
    yield from _sizes(settings)
    yield from _keys(settings)
    yield from _kept(settings)
    for target in settings.targets:
        yield from probe.target(target, settings, path)
    if settings.targets:
        yield probe.courier(settings)
    yield from redaction.findings(settings)


def _switch(settings: Settings) -> Iterator[Finding]:
    if not settings.targets:
        yield Finding(
            Level.ERROR, "target", "none, so mirroring is off: set SHADOWTAP_TARGET=http://host:port"
        )
    elif not settings.enabled:
        yield Finding(Level.WARNING, "enabled", "off: nothing is mirrored until it is switched on")
    for target in settings.targets:
        if (target.percent if target.percent is not None else settings.percent) == 0:
            yield Finding(Level.WARNING, "percent", f"0 for {target.name}: nothing is mirrored to it")


def _end(settings: Settings) -> Iterator[Finding]:
    if settings.until is None:
        yield Finding(
            Level.WARNING, "end", "none: mirroring goes on until somebody stops it; set SHADOWTAP_FOR=2h"
        )
    elif settings.until <= time.time():
        yield Finding(Level.ERROR, "end", "the end time has passed: nothing is mirrored")
    else:
        hours = (settings.until - time.time()) / 3600
        yield Finding(Level.OK, "end", f"in {hours:.1f} hours")


def _sizes(settings: Settings) -> Iterator[Finding]:
    if settings.max_body + settings.max_response > settings.queue_bytes:
        yield Finding(
            Level.WARNING,
            "queue_bytes",
            "less than max_body and max_response together: the largest copies never fit into the queue",
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    if settings.key is None:
        yield Finding(
            Level.WARNING,
            "key",
            "none: copies are not signed, so the guard cannot tell them from forgeries; "
            "set SHADOWTAP_KEY to what `openssl rand -hex 32` prints, on both sides",
        )
    else:
        yield _strength("key", settings.key)
    if settings.redact_key is None:
        yield Finding(
            Level.WARNING,
            "redact_key",
            "none: surrogates change with each start and differ between web processes; "
            "set SHADOWTAP_REDACT_KEY",
        )
    else:
        yield _strength("redact_key", settings.redact_key)
        if settings.redact_key == settings.key:
            yield Finding(
                Level.WARNING,
                "redact_key",
                "the same as key, which the shadow knows: it could undo surrogates",
            )


def _kept(settings: Settings) -> Iterator[Finding]:
    for number, rule in enumerate(settings.redact, 1):
        if keeps_everything(rule):
            yield Finding(
                Level.WARNING,
                "redact",
                f"rule {number} keeps everything under {rule.path}: what is personal leaves; name the places",
            )


def _strength(name: str, secret: Secret) -> Finding:
    value = secret.reveal()
    if len(value) < STRONG_KEY or len(set(value)) < _MANY_CHARACTERS:
        return Finding(Level.WARNING, name, "weak: use what `openssl rand -hex 32` prints")
    return Finding(Level.OK, name, f"{len(value)} bytes")


def _guard(settings: Settings) -> Iterator[Finding]:
    if settings.guard == "off" or not settings.enabled:
        yield Finding(Level.ERROR, "guard", "off: shadow requests would have all their effects")
        return
    yield Finding(Level.OK, "guard", settings.guard)
    if settings.guard == "marked":
        yield Finding(
            Level.WARNING,
            "guard",
            "requests without the mark have all their effects; SHADOWTAP_GUARD=always guards every request",
        )
    if settings.key is None:
        yield Finding(Level.WARNING, "key", "none: anybody can send what looks like a shadow request")
    else:
        yield _strength("key", settings.key)
