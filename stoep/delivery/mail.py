"""Mails on the wire: built from their rows, sent over SMTP to whatever server the settings name."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings

from stoep.delivery.models import Mail

# A server that says so will say it again: there is no use in trying once more.
REFUSED_FROM = 500


class Refused(Exception):
    """The server will never take this mail (5xx)."""


class NotNow(Exception):
    """The server is away, slow, or asks to wait (4xx): the mail stays and is tried again."""


def message_of(mail: Mail) -> EmailMessage:
    """The mail as it travels. Its Message-ID comes from the row, so that a repeat is recognised as one."""
    municipality = mail.municipality
    message = EmailMessage()
    message["From"] = Address(f"{municipality.name}, je buurt", addr_spec=_sender(mail))
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.pk}@{municipality.host}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


@contextmanager
def connection() -> Iterator[smtplib.SMTP]:
    """One connection for a batch. Raises NotNow when the server is away."""
    wanted = settings.SMTP
    opener = smtplib.SMTP_SSL if wanted["security"] == "tls" else smtplib.SMTP
    try:
        server = opener(wanted["host"], wanted["port"], timeout=wanted["timeout"])
        if wanted["security"] == "starttls":
            server.starttls()
        if wanted["user"]:
            server.login(wanted["user"], wanted["password"])
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_said(error)) from error
    try:
        yield server
    finally:
        server.close()


def send(server: smtplib.SMTP, mail: Mail) -> None:
    """Hand one mail over. Returns only when the server has taken it; raises Refused or NotNow."""
    try:
        server.send_message(message_of(mail))
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _judged(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _judged(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_said(error)) from error


def _sender(mail: Mail) -> str:
    return mail.municipality.mail_from or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _judged(code: int, words: bytes | str) -> Exception:
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:200]
    return Refused(said) if code >= REFUSED_FROM else NotNow(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def is_too_late(mail: Mail, *, now: datetime) -> bool:
    """Whether the mail has lost its sense by now, as a code that ran out."""
    return mail.expires_at is not None and mail.expires_at <= now
