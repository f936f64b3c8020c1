from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from shadowtap.exceptions import SettingsError
from shadowtap.send.trust import trusted
from tests.support import certificates


def test_certificates_and_names_are_verified() -> None:
    context = trusted(None)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_the_public_authorities_are_trusted_unless_told_otherwise() -> None:
    assert len(trusted(None).get_ca_certs()) > 50


def test_a_ca_file_is_trusted_alone(tmp_path: Path) -> None:
    (only,) = trusted(certificates.ca_file(tmp_path)).get_ca_certs()
    assert "trustme" in str(only["subject"])


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ca_file: .*missing\.pem: No such file"):
        trusted(str(tmp_path / "missing.pem"))


@pytest.mark.parametrize("content", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_ca_file_without_a_certificate_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"ca_file: .*ca\.pem"):
        trusted(str(path))
