"""Which certificates of a shadow are trusted."""

from __future__ import annotations

import ssl

import certifi

from shadowtap.exceptions import SettingsError


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """Return a verifying context: for ``ca_file`` alone, or for the system's and certifi's authorities.

    Both of the latter, because a slim image has no system store and certifi
    does not know a company's own authority.

    Raises:
        SettingsError: if no certificate can be read from ``ca_file``.
    """
    if ca_file is None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = error.strerror or "not a certificate file"
        raise SettingsError(f"ca_file: no certificate can be read from {ca_file}: {reason}") from error
