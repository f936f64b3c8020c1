"""Headers: which go with the copy, and with which values."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from shadowtap.exceptions import RedactionFailed
from shadowtap.exchange import Headers
from shadowtap.redact import entities
from shadowtap.redact.decision import KEPT, Outcome
from shadowtap.redact.form import decoded, encoded
from shadowtap.redact.header_names import HeaderName, Treatment, header_name
from shadowtap.redact.keys import Field, field_of
from shadowtap.redact.notes import Step
from shadowtap.redact.surrogates import Surrogates
from shadowtap.redact.walk import MIN_REMOVED, Walk

_HOST = re.compile(rb"(?:[A-Za-z0-9_.\-]{1,255}|(?P<address>\[[0-9A-Fa-f:.]{2,45}\]))(?::[0-9]{1,5})?")
_IPV4 = re.compile(rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5})?")
_PIECE = re.compile(r"[,;]|[^,;]+")
_ASSIGNED = re.compile(r"(\s*)(?:([A-Za-z]{1,16})=)?(\"?)(.*?)(\"?\s*)", re.DOTALL)
_ADDRESS = re.compile(r"(\[?)([0-9A-Fa-f:.]{2,45})(%[\w.\-]{1,32})?(\]?)(:[0-9]{1,5})?")
_NOT_OURS = Outcome("", (), Step.KEY)
_DROPPED = Outcome("", (), Step.CREDENTIAL)
_KEPT = KEPT._replace(step=Step.RULE)
_HARMLESS = frozenset({"", "unknown", "http", "https"})
_SESSION_COOKIE = re.compile(r"sess|sid$|token|auth|csrf|xsrf|jwt|remember|login|identity", re.IGNORECASE)
_FORMAT = frozenset({b"content-type", b"content-encoding"})
"""Say how the body is to be read, so no rule changes them."""

_SCHEME = re.compile(r"(?:[A-Za-z][\w\-]{1,20} )?(.+)", re.DOTALL)


class RedactedHeaders(NamedTuple):
    """The headers of a copy."""

    fields: Headers
    host: bytes
    kept: frozenset[int]
    """Places among the fields of those that a rule keeps as they are."""


def redact(headers: Headers, keep: tuple[str, ...], walk: Walk, surrogates: Surrogates) -> RedactedHeaders:
    """Return the headers that go with the copy, in their order, and the host."""
    nominated = _nominated(headers)
    kept_names = frozenset(name.lower().encode() for name in keep)
    fields: list[tuple[bytes, bytes]] = []
    kept: set[int] = set()
    host = b""
    for raw, value in headers:
        name = header_name(raw)
        if name.lower == b"host":
            host = host or _host(value, walk)
            continue
        if name.treatment is Treatment.OWNED or name.lower in nominated:
            _told(name, value, walk, _NOT_OURS)
            continue
        _check_name(name, walk)
        if name.lower in kept_names:
            kept.add(len(fields))
            _told(name, value, walk, _KEPT)
            fields.append((raw, _cookies(value, walk) if name.lower == b"cookie" else value))
            continue
        walk.names.append(name.place)
        ruled = _by_rule(name, value, walk) if walk.ruled and name.lower not in _FORMAT else None
        if ruled is not None:
            if ruled:
                fields.append((raw, ruled))
        elif name.treatment is Treatment.CREDENTIAL:
            _forget(name, value, walk)
            _told(name, value, walk, _DROPPED)
        else:
            fields.append((raw, _value(name, value, walk, surrogates)))
        walk.names.pop()
    return RedactedHeaders(tuple(fields), host, frozenset(kept))


def _told(name: HeaderName, value: bytes, walk: Walk, outcome: Outcome) -> None:
    """Tell those who ask that a header does not go with the copy, or goes as it is."""
    if walk.notes is not None:
        around, walk.names = walk.names, [name.place]
        walk.note("header", value.decode("latin-1"), outcome, dropped=not outcome.kept)
        walk.names = around


def _by_rule(name: HeaderName, value: bytes, walk: Walk) -> bytes | None:
    """Return what a rule makes of a header: nothing for one left out, ``None`` where no rule decides."""
    credential = name.treatment is Treatment.CREDENTIAL
    text, encoding = _text(value)
    fresh = walk.by_rule(text, _CREDENTIAL if credential else name.field)
    if fresh is None:
        return None
    if credential and fresh != text:
        _forget(name, value, walk)
    return value if fresh == text else fresh.encode(encoding, "replace")


def _nominated(headers: Headers) -> frozenset[bytes]:
    """Return the names that ``Connection`` declares to be of this hop alone."""
    names: set[bytes] = set()
    for name, value in headers:
        if len(name) == 10 and name.lower() == b"connection":  # its length, quicker than lower()
            names.update(part.strip().lower() for part in value.split(b","))
    return frozenset(names)


def _check_name(name: HeaderName, walk: Walk) -> None:
    if not name.well_formed:
        raise RedactionFailed("headers: a name is malformed")
    if not name.field.plain:
        text = name.lower.decode()
        if walk.strict(text) != text:
            raise RedactionFailed("headers: a name holds personal data")


def _host(value: bytes, walk: Walk) -> bytes:
    """Return the host that was asked for; empty when it is not one or holds somebody's data."""
    found = _HOST.fullmatch(value)
    if found is None:
        return b""
    if found["address"] or _IPV4.fullmatch(value):
        return value  # the address of a server
    text = value.decode()
    walk.names.append("host")
    fresh = walk.strict(text)
    walk.names.pop()
    return value if fresh == text else b""


def _text(value: bytes) -> tuple[str, str]:
    """Decode a header's value, which may be anything; return the encoding too."""
    try:
        return value.decode(), "utf-8"
    except UnicodeDecodeError:
        return value.decode("latin-1"), "latin-1"


def _value(name: HeaderName, value: bytes, walk: Walk, surrogates: Surrogates) -> bytes:
    text, encoding = _text(value)
    if name.treatment is Treatment.TECHNICAL:
        fresh = walk.strict(text, name.field)
    elif name.treatment is Treatment.ADDRESS:
        fresh = "".join(_address(piece, walk, surrogates) for piece in _PIECE.findall(text))
        if walk.notes is not None:
            changed = Outcome(fresh, (), Step.RECOGNISER, entities.IP, kept=fresh == text)
            walk.note("header", text, changed)
    else:
        fresh = walk.text(text, name.field)
    return value if fresh == text else fresh.encode(encoding, "replace")


def _address(piece: str, walk: Walk, surrogates: Surrogates) -> str:
    """Redact an element of ``X-Forwarded-For`` or ``Forwarded``."""
    if piece in ",;":
        return piece
    found = _ASSIGNED.fullmatch(piece)
    space, key, quote, value, end = found.groups("") if found else ("", "", "", piece, "")
    if value.lower() in _HARMLESS:
        return piece
    if key.lower() == "host":
        fresh = walk.strict(value)
    else:
        fresh = _ip(value, walk, surrogates) or walk.text(value, _OPAQUE)
    return f"{space}{key}{'=' if key else ''}{quote}{fresh}{end}"


_CREDENTIAL = Field(entities.SECRET, frozenset())
_OPAQUE = field_of("username")
"""What stands for an address there without being one names a client."""


def _ip(value: str, walk: Walk, surrogates: Surrogates) -> str:
    """Return an address with its port under a surrogate; empty when it is none."""
    found = _ADDRESS.fullmatch(value)
    if found is None:
        return ""
    opening, address, zone, closing, port = found.groups("")
    if not port and not opening and address.count(":") == 1:
        address, _, number = address.partition(":")
        port = ":" + number
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if parsed.is_loopback or parsed.is_unspecified:
        return value
    fresh = surrogates.text(entities.IP, address)
    walk.remember(address, fresh)
    return f"{opening}{fresh}{zone}{closing}{port}"


def _cookies(value: bytes, walk: Walk) -> bytes:
    """Redact the cookies of a header that a rule keeps; those that carry a session stay as they are."""
    text, encoding = _text(value)
    walk.budget.part = "cookies"
    out = []
    for piece in text.split(";"):
        name, equals, inner = piece.partition("=")
        if equals:
            quote = '"' if inner.startswith('"') and inner.endswith('"') and len(inner) > 1 else ""
            bare = inner[1:-1] if quote else inner
            inner = f"{quote}{_cookie(name.strip(), bare, walk)}{quote}"
        out.append(f"{name}{equals}{inner}")
    walk.budget.part = "headers"
    return ";".join(out).encode(encoding, "replace")


def _cookie(name: str, raw: str, walk: Walk) -> str:
    text = decoded(raw, walk, plus=False)
    walk.enter(name)
    if _SESSION_COOKIE.search(name):
        fresh = walk.by_rule(text, _CREDENTIAL) or text
    else:
        fresh = walk.text(text, field_of(name))
    walk.leave()
    return encoded(text, fresh, raw, plus=False)


def _forget(name: HeaderName, value: bytes, walk: Walk) -> None:
    """Note a dropped credential, so that it is not sent from another place of the request either."""
    text, _ = _text(value)
    if name.lower in (b"cookie", b"set-cookie"):
        pieces = [piece.partition("=") for piece in text.split(";")]
        secrets = [inner.strip() for key, _, inner in pieces if _SESSION_COOKIE.search(key.strip())]
    else:
        found = _SCHEME.fullmatch(text.strip())
        secrets = [found[1]] if found else []
    for secret in secrets:
        if len(secret) > MIN_REMOVED and any(map(str.isalnum, secret)):
            walk.remember(secret)
