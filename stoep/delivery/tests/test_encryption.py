"""Where the settings ask for encryption, a server whose certificate cannot be checked gets not one word."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.delivery.sending import send_due_mails
from stoep.delivery.tests.conftest import MakeMails
from stoep.delivery.tests.post_office import PostOffice, opened


@dataclass(frozen=True)
class Certificate:
    """Signed by itself: trusted only by who is told to."""

    path: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.path, self.key)
        return made


def certificate_for(name: str, folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    found.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return found


@pytest.fixture
def localhost(tmp_path: Path) -> Certificate:
    return certificate_for("localhost", tmp_path)


@pytest.fixture
def encrypting(localhost: Certificate, smtp_settings: Callable[..., None]) -> Iterator[PostOffice]:
    with opened(tls_context=localhost.context(), require_starttls=True) as office:
        smtp_settings(port=office.port, host="localhost", security="starttls")
        yield office


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(encrypting: PostOffice, waiting_mails: MakeMails) -> None:
    waiting_mails(1)
    assert send_due_mails() == 0
    assert encrypting.senders == []
    assert Mail.objects.get().state == Mail.State.WAITING


def test_a_certificate_that_is_trusted_gets_it(
    encrypting: PostOffice, localhost: Certificate, waiting_mails: MakeMails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(localhost.path))
    waiting_mails(1)
    assert send_due_mails() == 1
    assert len(encrypting.taken) == 1


def test_a_certificate_for_another_name_gets_no_mail(
    tmp_path: Path, smtp_settings: Callable[..., None], waiting_mails: MakeMails, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificate_for("mail.evil.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    waiting_mails(1)
    with opened(tls_context=other.context(), require_starttls=True) as office:
        smtp_settings(port=office.port, host="localhost", security="starttls")
        assert send_due_mails() == 0
        assert office.senders == []


def test_a_server_that_hides_its_encryption_gets_no_mail(
    smtp_settings: Callable[..., None], waiting_mails: MakeMails
) -> None:
    """Somebody in between who strips STARTTLS would otherwise read everything."""
    waiting_mails(1)
    with opened() as office:
        smtp_settings(port=office.port, security="starttls")
        assert send_due_mails() == 0
        assert office.senders == []


def test_a_server_that_does_not_know_us_gets_no_mail(
    office: PostOffice, smtp_settings: Callable[..., None], waiting_mails: MakeMails
) -> None:
    smtp_settings(port=office.port, user="stoep", password="wrong")
    waiting_mails(1)
    assert send_due_mails() == 0
    assert office.senders == []
    assert Mail.objects.get().state == Mail.State.WAITING


def test_encryption_from_the_first_byte_is_checked_as_well(
    localhost: Certificate,
    smtp_settings: Callable[..., None],
    waiting_mails: MakeMails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting_mails(1)
    monkeypatch.setenv("SSL_CERT_FILE", str(localhost.path))
    with opened(ssl_context=localhost.context()) as office:
        monkeypatch.delenv("SSL_CERT_FILE")
        smtp_settings(port=office.port, host="localhost", security="tls")
        assert send_due_mails() == 0
        assert office.senders == []
        monkeypatch.setenv("SSL_CERT_FILE", str(localhost.path))
        assert send_due_mails() == 1
