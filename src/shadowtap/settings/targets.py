"""Parsers of targets. Their errors never show a URL, which may hold credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from .headers import headers
from .model import Target
from .parse import as_list, percent
from .place import Place
from .tables import fields_of, read_table

_NAME = r"[A-Za-z0-9._:\[\]-]{1,100}"
_LABEL = r"[a-z0-9_][a-z0-9_-]{0,62}"
_SEGMENT = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*"
_LONGEST_HOST = 253
_LAST_PORT = 65535
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WRITE = "write http://host:port or https://host:port/prefix"


class _Url(msgspec.Struct, frozen=True):
    text: str
    name: str


def target_name(value: object, place: Place) -> str:
    """Parse the name of a target."""
    if not isinstance(value, str) or not re.fullmatch(_NAME, value):
        raise place.refuse(value, "a name of at most 100 letters, digits and . _ : -")
    return value


def _is_host(text: str) -> bool:
    if text.startswith("[") and text.endswith("]") and "%" not in text:
        import ipaddress  # only a literal address needs it

        try:
            ipaddress.IPv6Address(text[1:-1])
        except ValueError:
            return False
        return True
    return len(text) <= _LONGEST_HOST and bool(re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*\.?", text))


def _split_port(authority: str, place: Place) -> tuple[str, int | None]:
    """Return host and port; the port is ``None`` when there is no colon."""
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, None
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= _LAST_PORT:
        raise place.problem(f"has a bad port; it must be a number from 1 to {_LAST_PORT}")
    return host, int(port)


def _url(value: object, place: Place) -> _Url:
    if not isinstance(value, str):
        raise place.refuse(value, "the URL of a shadow, such as http://host:port")
    scheme, separator, rest = value.strip().partition("://")
    if not separator:
        raise place.problem(f"has no scheme; {_WRITE}")
    scheme = scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise place.problem(f"has a scheme that is not http or https; {_WRITE}")
    if "#" in rest:
        raise place.problem(f"has a fragment (#...); {_WRITE}")
    if "?" in rest:
        raise place.problem(f"has a query (?...); {_WRITE}")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise place.problem("has credentials (user:password@); set a header on the target instead")
    host, port = _split_port(authority.lower(), place)
    if not host:
        raise place.problem(f"has no host; {_WRITE}")
    if not _is_host(host):
        raise place.problem(f"has a host that is no DNS name and no address (IPv6 goes in [ ]); {_WRITE}")
    prefix = _prefix(slash + path, place)
    port_text = "" if port is None else f":{port}"
    return _Url(f"{scheme}://{host}{port_text}{prefix}", f"{host}:{port or _DEFAULT_PORTS[scheme]}")


def _prefix(path: str, place: Place) -> str:
    segments = path.split("/")
    if not all(re.fullmatch(_SEGMENT, segment) for segment in segments):
        raise place.problem("has a path with characters that must be percent-encoded")
    if "." in segments or ".." in segments:
        raise place.problem("has a path with . or .. in it; write the path that is meant")
    return path.rstrip("/")


def host_policy(value: object, place: Place) -> str:
    """Parse the ``Host`` policy of a target."""
    text = value.strip().lower() if isinstance(value, str) else ""
    host, port = _split_port(text, place)
    if not _is_host(host):
        raise place.refuse(value, "target, original, suffix, or a literal host or host:port")
    return text if port is None else f"{host}:{port}"


TARGET_KEYS = {
    "name": target_name,
    "url": _url,
    "percent": percent,
    "host": host_policy,
    "headers": headers,
}


def _target(item: object, place: Place, number: int) -> Target:
    inside = place.table("target", number)
    table = {"url": item} if isinstance(item, str) else fields_of(item, Target)
    legal = 'a URL, or a table such as { name = "v2", url = "http://v2:8000" }'
    values = read_table(table, inside, TARGET_KEYS, legal)
    url = values.pop("url", None)
    if url is None:
        raise inside.at("url").problem(f"is missing; {_WRITE}")
    return Target(**{"name": url.name, "url": url.text, **values})


def targets(value: object, place: Place) -> tuple[Target, ...]:
    """Parse one target or several."""
    items = [value] if isinstance(value, Mapping | Target) else as_list(value, place)
    found: dict[str, Target] = {}
    for number, item in enumerate(items, 1):
        target = _target(item, place, number)
        if target.name in found:
            raise place.problem(f"has two targets with the name {target.name}; give each its own name")
        found[target.name] = target
    return tuple(found.values())
