"""Surrogates for IP and MAC addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from shadowtap.redact.surrogates.alphabets import HEX_LOWER
from shadowtap.redact.surrogates.keyed import Keyed

_LOW16 = 1 << 16
_LOW24 = 1 << 24
_LOW80 = 1 << 80
_WALK = 16
_HEX_DIGITS = HEX_LOWER + "ABCDEF"


def ip(keyed: Keyed, text: str) -> str:
    """Keep the network (/16, /8 of 10.0.0.0/8, /48 of IPv6) and the zone; permute the rest."""
    plain, percent, zone = text.partition("%")
    fresh = _host(keyed, plain)
    # The last check would take 192.0.2.17 for the 192.0.2.1 that it stands for.
    for _ in range(_WALK):
        if plain not in fresh:
            break
        fresh = _host(keyed, fresh)
    return fresh + percent + zone


def _host(keyed: Keyed, text: str) -> str:
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return str(_v4(keyed, address))
    if address.ipv4_mapped is not None:
        return f"::ffff:{_v4(keyed, address.ipv4_mapped)}"
    return str(_v6(keyed, address))


def _v4(keyed: Keyed, address: IPv4Address) -> IPv4Address:
    number = int(address)
    low = _LOW24 if number >> 24 == 10 else _LOW16  # the private network 10.0.0.0/8
    network, host = number - number % low, number % low
    domain = b"ipv4:%d" % network
    return IPv4Address(network + keyed.permute(domain, host, low >> 8, 256))


def _v6(keyed: Keyed, address: IPv6Address) -> IPv6Address:
    number = int(address)
    network, host = number - number % _LOW80, number % _LOW80
    return IPv6Address(network + keyed.permute(b"ipv6:%d" % network, host, 1 << 40, 1 << 40))


def mac(keyed: Keyed, text: str) -> str:
    """Keep the maker's half of the address, permute the device's; case and separators stay."""
    run = "".join(char for char in text if char in _HEX_DIGITS)
    fresh = run[:6] + f"{keyed.permute(b'mac', int(run[6:], 16), 1 << 12, 1 << 12):06x}"
    source = iter(fresh.upper() if text.isupper() else fresh.lower())
    return "".join(next(source) if char in _HEX_DIGITS else char for char in text)
