"""Build the HTTP message of a copy. Pure functions: no I/O, no clock, no chance.

The header fields are, in this order: ``Host``, what is left of the client's own
fields, those of the target and of the rule (which replace the client's), the
framing, and our marks. Nothing else: no client library adds to them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from shadowtap import headers as names
from shadowtap.settings.model import Target
from shadowtap.signature import sign

from .copy import Copy

Fields = list[tuple[bytes, bytes]]

_DEFAULT_PORTS = {"http": 80, "https": 443}

_FRAMING = frozenset(
    b"connection content-length expect host http2-settings keep-alive proxy-authenticate proxy-authorization "
    b"proxy-connection te trailer transfer-encoding upgrade".split()
)
"""Hop by hop (RFC 9110, section 7.6.1) or written by this file alone."""

_TRACING = frozenset(
    b"b3 sw8 traceparent tracestate uber-trace-id x-amzn-trace-id x-b3-flags x-b3-parentspanid x-b3-sampled "
    b"x-b3-spanid x-b3-traceid x-cloud-trace-context x-datadog-origin x-datadog-parent-id "
    b"x-datadog-sampling-priority x-datadog-tags x-datadog-trace-id".split()
)
"""The primary's trace contexts: with one of them the shadow's spans would join the primary's trace."""

_REQUEST, _ID, _LINK, _SIGNATURE = (
    name.encode()
    for name in (names.SHADOW_REQUEST, names.SHADOW_ID, names.SHADOW_LINK, names.SHADOW_SIGNATURE)
)
_NOT_THE_CLIENTS = _FRAMING | _TRACING
_OURS = _FRAMING | {b"traceparent"}
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose empty body is declared (RFC 9110, section 8.6)."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(rb"[!$&'()*+,;=.:\[\]_~%0-9A-Za-z-]+")
_NOT_IN_TARGET = re.compile(rb"[^\x21\x22\x24-\x7e]")
_SAMPLED = frozenset("13579bdf")
"""Last digits of a ``traceparent`` whose lowest flag is set."""

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

ENTROPY = 24
"""Random bytes that one message takes: a trace id and a span id."""


class Message(msgspec.Struct, frozen=True):
    """A copy as it goes over the wire."""

    method: str
    target: bytes
    """Path and query; nothing in it needs escaping."""
    headers: Fields
    body: bytes


class Address(msgspec.Struct, frozen=True):
    """What the messages to one target have in common."""

    prefix: bytes
    host: bytes
    """``Host`` of the target itself: without the port that the scheme implies."""
    policy: str
    set_headers: tuple[tuple[str, str], ...]


def address(target: Target) -> Address:
    """Read a target once, so that each of its copies need not."""
    url = urlsplit(target.url)
    netloc = url.netloc
    if url.port == _DEFAULT_PORTS[url.scheme]:
        netloc = netloc.rpartition(":")[0]
    return Address(url.path.rstrip("/").encode(), netloc.encode(), target.host, target.headers)


def sendable(method: str) -> bool:
    """Tell whether a copy can have this method."""
    return method.upper() != "CONNECT" and _TOKEN.fullmatch(method.encode()) is not None


def compose(to: Address, copy: Copy, *, key: bytes | None, now: int, entropy: bytes) -> Message:
    """Build the message of a copy.

    Args:
        to: the target's part of it.
        copy: the redacted request with its marks; its method is ``sendable``.
        key: signs the message; ``None`` leaves the signature out.
        now: time of the signature, in seconds since the epoch.
        entropy: ``ENTROPY`` random bytes.
    """
    # In upper case, because HTTP clients send it so and the signature must agree with what they send.
    method = copy.request.method.upper()
    target = _target(to.prefix, copy.request.path, copy.request.query)
    body = copy.request.body
    replaced, own = _own_fields(to.set_headers + copy.set_headers)
    fields = [(b"Host", _host(to, copy.request.host))]
    fields += [field for field in copy.request.headers if (name := _kept(field[0])) and name not in replaced]
    fields += own
    if body or method in _WITH_LENGTH:
        fields.append((b"Content-Length", b"%d" % len(body)))
    fields += _marks(copy, entropy)
    if key is not None:
        value = sign(key, method=method, target=target, id=copy.id, time=now, body=body)
        fields.append((_SIGNATURE, value.encode()))
    if _CONTROLS.search(b"".join([value for _, value in fields])):
        fields = [(name, _clean(value)) for name, value in fields]
    return Message(method, target, fields, body)


def _escape(match: re.Match[bytes]) -> bytes:
    return b"%%%02X" % match[0][0]


def _target(prefix: bytes, path: bytes, query: bytes) -> bytes:
    """Join the target byte for byte; spaces, controls, ``#`` and non-ASCII, illegal there, are escaped."""
    if not path.startswith(b"/"):
        path = b"/" + path
    target = prefix + path.replace(b"?", b"%3F")
    if query:
        target += b"?" + query
    return _NOT_IN_TARGET.sub(_escape, target)


def _host(to: Address, asked_for: bytes) -> bytes:
    if to.policy == "target":
        return to.host
    if to.policy not in ("original", "suffix"):
        return to.policy.encode()
    if not _HOST.fullmatch(asked_for):
        return to.host
    return asked_for if to.policy == "original" else shadow_host(asked_for)


def shadow_host(host: bytes) -> bytes:
    """Put ``-shadow`` after the name and before the port, as Envoy does."""
    name, colon, port = host.rpartition(b":")
    if not colon or not port.isdigit() or (b":" in name and not name.endswith(b"]")):
        return host + b"-shadow"
    return name + b"-shadow:" + port


@lru_cache(maxsize=1024)
def _kept(name: bytes) -> bytes | None:
    """Return the lower-cased name of a client's field; ``None`` if the field does not travel."""
    lower = name.lower()
    ours = lower in _NOT_THE_CLIENTS or lower.startswith(names.SHADOW_PREFIX)
    return None if ours or not _TOKEN.fullmatch(name) else lower


@lru_cache(maxsize=256)
def _own_fields(pairs: tuple[tuple[str, str], ...]) -> tuple[frozenset[bytes], Fields]:
    """Return the configured fields, of each name the last, and before them their names in lower case."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for name, value in pairs:
        lower = name.lower().encode()
        if lower not in _OURS and not lower.startswith(names.SHADOW_PREFIX) and _TOKEN.fullmatch(lower):
            found[lower] = (name.encode(), value.encode())
    return frozenset(found), list(found.values())


def _clean(value: bytes) -> bytes:
    """Replace control characters by spaces (RFC 9110, section 5.5), so that a value stays one field."""
    return _CONTROLS.sub(b" ", value).strip(b" \t")


def _marks(copy: Copy, entropy: bytes) -> Fields:
    link = copy.link if _TRACEPARENT.fullmatch(copy.link) else ""
    sampled = link[-1:] in _SAMPLED
    noise = entropy.hex()
    trace = f"00-{noise[:32]}-{noise[32:48]}-{'01' if sampled else '00'}"
    marks = [(b"traceparent", trace.encode()), (_REQUEST, b"true"), (_ID, copy.id.encode())]
    if link:
        marks.append((_LINK, link.encode()))
    return marks
