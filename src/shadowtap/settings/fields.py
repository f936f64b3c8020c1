"""Every setting with its parser: the one list that sources, documentation and tests share."""

from __future__ import annotations

from collections.abc import Mapping

from .files import secret, secret_file
from .headers import method, sticky
from .parse import (
    Parse,
    boolean,
    choice,
    courier,
    duration,
    each,
    file_path,
    integer,
    moment,
    number,
    path_glob,
    percent,
    period,
    size,
)
from .recognition import countries, dotted_path, model
from .redact_rules import redact_rules
from .rules import rules
from .targets import targets

GIB = 2**30

PARSERS: Mapping[str, Parse] = {
    "role": choice("primary", "shadow"),
    "enabled": boolean,
    "config": file_path,
    "target": targets,
    "targets": targets,
    "percent": percent,
    "select": choice("all", "marked"),
    "include": each(path_glob),
    "exclude": each(path_glob),
    "methods": each(method),
    "rules": rules,
    "sticky": sticky,
    "max_rate": number(0.0, 1e6, "a number of copies per second, above 0 up to 1000000", above=True),
    "until": moment,
    "for": period,
    "max_body": size(0, GIB),
    "max_response": size(0, GIB),
    "capture_timeout": duration(),
    "queue_length": integer(1, 10_000_000),
    "queue_bytes": size(1, 1024 * GIB),
    "courier": courier,
    "courier_priority": choice("idle", "low", "normal"),
    "shutdown_grace": duration(zero=True),
    "timeout": duration(),
    "connections": integer(1, 10_000),
    "http2": boolean,
    "ca_file": file_path,
    "max_answer": size(0, GIB),
    "breaker_failures": integer(1, 1_000_000),
    "breaker_cooldown": duration(),
    "key": secret,
    "key_file": secret_file,
    "redact_key": secret,
    "redact_key_file": secret_file,
    "redact_timeout": duration(),
    "redact_memory": size(1024 * 1024, 1024 * GIB),
    "redact_model": model,
    "redact_recognisers": each(dotted_path),
    "redact_recogniser_file": file_path,
    "redact_countries": countries,
    "redact": redact_rules,
    "redact_free_text": choice("scrub", "ner"),
    "redact_strict": boolean,
    "guard": choice("off", "marked", "always"),
    "signature_window": duration(),
}
"""By the word that is written; some fields have two."""

FIELD_OF: Mapping[str, str] = {
    "target": "targets",
    "for": "until",
    "key_file": "key",
    "redact_key_file": "redact_key",
}
"""The field of a word that is not itself the name of one."""

IN_FILE = frozenset(PARSERS) - {"config"}
IN_ENVIRONMENT = frozenset(PARSERS) - {"rules", "redact"}
"""A rule does not fit into a variable."""

VARIABLES = frozenset(f"SHADOWTAP_{word.upper()}" for word in IN_ENVIRONMENT)
"""Every environment variable that shadowtap reads."""
