"""Addresses of hosts and of their hardware: bounded expressions, and what is nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv6Address

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?<![\w.\-])(?<![A-Za-z]/)(?:{_OCTET}\.){{3}}{_OCTET}(?![\w\-]|\.[0-9])")
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3})?(?![\w:]|\.[0-9])"
)
_NOBODY = ("127.", "0.0.0.", "255.255.255.")


def ipv4s(text: str) -> Iterator[tuple[int, int]]:
    """Find IPv4 addresses, but not those that mean this very host or nobody."""
    for match in _IPV4.finditer(text):
        if not match.group().startswith(_NOBODY):
            yield match.span()


def ipv6s(text: str) -> Iterator[tuple[int, int]]:
    """Find IPv6 addresses, but not those that mean this very host or nobody."""
    for match in _IPV6.finditer(text):
        if match.group().count(":") > 1 and _is_ipv6(match.group()):
            yield match.span()


def _is_ipv6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


_MAC = re.compile(
    r"(?<![0-9A-Za-z:\-])(?:[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\."
    r"[0-9A-Fa-f]{4})(?![0-9A-Za-z:\-])"
)


def macs(text: str) -> Iterator[tuple[int, int]]:
    """Find hardware addresses."""
    return (match.span() for match in _MAC.finditer(text))
