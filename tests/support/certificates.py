"""Certificates for servers in tests, from an authority that nobody trusts unless told to."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

import trustme


@cache
def authority() -> trustme.CA:
    """Return the authority of this test run."""
    return trustme.CA()


def context(*names: str, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Return a server's context with a certificate for these names and addresses."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names).configure_cert(made)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    return made


def ca_file(folder: Path) -> str:
    """Write the authority's certificate to a file and return its path."""
    path = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return str(path)
