"""Which header is what: the lists, and how a name is looked up in them."""

from __future__ import annotations

import re
from enum import Enum

from shadowtap.headers import SHADOW_PREFIX
from shadowtap.redact import entities
from shadowtap.redact.keys import Field, field_of

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]{1,128}")


class Treatment(Enum):
    """What is done with a header."""

    OWNED = "owned"
    """Not copied, whatever a rule says: framing, host, marks and trace context are the sender's.

    So is the content coding: bodies are sent uncompressed.
    """
    CREDENTIAL = "credential"
    """Dropped unless a rule keeps it."""
    ADDRESS = "address"
    """Carries IP addresses, which get surrogates."""
    TECHNICAL = "technical"
    """Copied; only what recognisers find in it is replaced."""
    VALUE = "value"
    """Treated as any other value under its name."""


def _set(names: bytes) -> frozenset[bytes]:
    return frozenset(names.split())


_OWNED = _set(
    b"""
    connection keep-alive proxy-connection te trailer trailers transfer-encoding upgrade http2-settings
    expect host content-length content-encoding max-forwards traceparent tracestate baggage b3 sentry-trace
    uber-trace-id x-amzn-trace-id x-cloud-trace-context elastic-apm-traceparent newrelic
    """
)
_OWNED_PREFIXES = (SHADOW_PREFIX, b"x-b3-", b"x-datadog-", b"x-ot-span-", b"ot-tracer-", b":")
_CREDENTIALS = _set(
    b"""
    authorization cookie cookie2 set-cookie set-cookie2 authentication-info x-api-key api-key apikey
    x-apikey x-auth x-auth-key x-access-key x-session x-session-id x-sid x-csrftoken x-xsrftoken
    x-amz-security-token x-goog-iam-authorization-token x-ms-authorization-auxiliary
    x-forwarded-client-cert x-client-cert x-ssl-client-cert ssl-client-cert x-amzn-mtls-clientcert
    x-password x-jwt-assertion x-amzn-oidc-data x-amzn-oidc-identity digest content-md5 content-digest
    repr-digest signature signature-input x-hub-signature x-hub-signature-256 x-signature x-hmac dpop
    sec-websocket-key
    """
)
_CREDENTIAL_ENDINGS = tuple(
    _set(
        b"""
        -token -secret -signature -signature-256 -hmac -digest -password -credential -credentials -jwt -key
        -apikey -auth -authorization -cookie -assertion
        """
    )
)
_ADDRESSES = _set(
    b"""
    x-forwarded-for forwarded x-real-ip x-client-ip client-ip true-client-ip cf-connecting-ip
    cf-connecting-ipv6 cf-pseudo-ipv4 fastly-client-ip x-cluster-client-ip x-original-forwarded-for
    x-envoy-external-address x-forwarded x-remote-ip x-remote-addr remote-addr x-originating-ip
    x-azure-clientip x-azure-socketip x-appengine-user-ip x-appengine-remote-addr x-proxyuser-ip
    x-vercel-forwarded-for wl-proxy-client-ip proxy-client-ip x-host-ip
    """
)
_TECHNICAL = _set(
    b"""
    accept accept-charset accept-datetime accept-encoding accept-language accept-patch accept-ch
    cache-control content-language content-type content-range date dnt dpr downlink ect
    rtt save-data viewport-width width device-memory if-match if-modified-since if-none-match if-range
    if-unmodified-since idempotency-key last-event-id origin pragma prefer priority range request-id
    sec-gpc upgrade-insecure-requests user-agent via x-api-version x-app-version x-client-version
    x-correlation-id x-forwarded-host x-forwarded-port x-forwarded-prefix x-forwarded-proto
    x-forwarded-protocol x-forwarded-scheme x-forwarded-ssl x-http-method x-http-method-override
    x-method-override x-request-id x-request-start x-requested-with x-url-scheme front-end-https
    hx-request hx-boosted hx-target hx-trigger turbo-frame x-inertia x-inertia-version grpc-timeout
    access-control-request-method access-control-request-headers
    """
)
_TECHNICAL_PREFIXES = (b"sec-ch-", b"sec-fetch-")
_MAX_KNOWN = 4096


class HeaderName:
    """A header's name, lower-cased, with what is done with it and what its value holds."""

    __slots__ = ("field", "lower", "place", "treatment", "well_formed")

    def __init__(self, lower: bytes) -> None:
        self.lower = lower
        self.well_formed = _TOKEN.fullmatch(lower) is not None
        text = lower.decode("latin-1")
        self.field: Field = field_of(text.removeprefix("x-"))
        self.place = text if self.field.plain else "*"
        self.treatment = _treatment(lower, self.field)


def _treatment(lower: bytes, field: Field) -> Treatment:
    if lower in _OWNED or lower.startswith(_OWNED_PREFIXES):
        return Treatment.OWNED
    if lower in _ADDRESSES:
        return Treatment.ADDRESS
    if lower in _TECHNICAL or lower.startswith(_TECHNICAL_PREFIXES):
        return Treatment.TECHNICAL
    if lower in _CREDENTIALS or lower.startswith(b"proxy-") or lower.endswith(_CREDENTIAL_ENDINGS):
        return Treatment.CREDENTIAL
    if field.kind == entities.SECRET:
        return Treatment.CREDENTIAL
    return Treatment.ADDRESS if field.kind == entities.IP else Treatment.VALUE


_known: dict[bytes, HeaderName] = {}


def header_name(raw: bytes) -> HeaderName:
    """Look a header's name up, in any case."""
    found = _known.get(raw)
    if found is None:
        found = HeaderName(raw.lower())
        if found.field.plain and len(_known) < _MAX_KNOWN:
            _known[raw] = found
    return found
