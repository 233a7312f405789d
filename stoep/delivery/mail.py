"""Mails on the wire: built from their rows, sent over SMTP to whatever server the settings name."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from stoep.delivery.bounces import is_hard
from stoep.delivery.links import sender_of
from stoep.delivery.models import Mail

# A server that says so will say it again: there is no use in trying once more.
REFUSED_FROM = 500
# … except where it speaks of us and not of the mail: we must sign in, or in another way, or another word comes first.
ABOUT_US = {503, 530, 534, 535, 538}
CLOSING = 421
ONE_ADDRESS = re.compile(r"""[^\s,;:<>()\[\]"\\@]+@[^\s,;:<>()\[\]"\\@]+""")
# Not every server takes eight bits, and smtplib does not ask.
POLICY = SMTP.clone(cte_type="7bit")


class Refused(Exception):
    """The server, or the address itself, says that this mail can never be delivered. `is_hard`: nor any other there."""

    is_hard = False


class Later(Exception):
    """The server does not take this one mail now."""


class ServerAway(Exception):
    """There is no server to talk to, or it fell silent in the middle. Whether it took the last mail nobody knows."""


def message_of(mail: Mail) -> EmailMessage:
    """The mail as it travels. Its Message-ID comes from the row, so that a repeat is recognised as one."""
    municipality = mail.municipality
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(_name_of(mail), addr_spec=_sender(mail))
    message["To"] = _recipient(mail)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.pk}@{municipality.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for name, value in mail.headers.items():  # last, for Content-Language would go down with the text
        message[name] = value
    return message


@contextmanager
def connection() -> Iterator[smtplib.SMTP]:
    """One connection for many mails. Raises ServerAway when there is none to be had as the settings ask for it."""
    try:
        server = _opened()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(_said(error)) from error
    try:
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def send(server: smtplib.SMTP, mail: Mail, message: EmailMessage) -> None:
    """Hand one mail over. Returns only when the server has taken it; raises Refused, Later or ServerAway."""
    try:
        server.send_message(message, from_addr=_sender(mail), to_addrs=[mail.recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        judged = _judged(code, words)
        if isinstance(judged, Refused):
            judged.is_hard = is_hard(code, str(judged))
        raise judged from error
    except smtplib.SMTPSenderRefused as error:
        # Our own address, not the reader's, is what the server does not like: that can be mended.
        raise _judged(min(error.smtp_code, REFUSED_FROM - 1), error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise _judged(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(_said(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(_said(error)) from error


def _opened() -> smtplib.SMTP:
    """Connected, encrypted with a checked certificate where the settings say so, and signed in."""
    wanted = settings.SMTP
    place = {"host": wanted["host"], "port": wanted["port"], "timeout": wanted["timeout"], "local_hostname": _domain()}
    if wanted["security"] == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(**place, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(**place)
    try:
        if wanted["security"] == "starttls":
            server.starttls(context=ssl.create_default_context())
        if wanted["user"]:
            server.login(wanted["user"], wanted["password"])
    except BaseException:
        server.close()
        raise
    return server


def _recipient(mail: Mail) -> Address:
    """One address and nothing else: no second one behind a comma, no line of its own."""
    if not ONE_ADDRESS.fullmatch(mail.recipient):
        raise Refused("This is not an e-mail address.")
    username, _at, domain = mail.recipient.partition("@")
    return Address(username=username, domain=domain)


def _sender(mail: Mail) -> str:
    return sender_of(mail.municipality)


def _name_of(mail: Mail) -> str:
    with translation.override(mail.headers.get("Content-Language", mail.municipality.default_language)):
        return _("%(city)s, your neighbourhood") % {"city": mail.municipality.name}


def _domain() -> str:
    """How we greet. Without it smtplib asks the resolver who we are, which may take half a minute."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _judged(code: int, words: bytes | str) -> Exception:
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:200]
    # smtplib's own -1: the connection broke while the server spoke.
    if code == CLOSING or code < 0:
        return ServerAway(said)
    return Refused(said) if code >= REFUSED_FROM and code not in ABOUT_US else Later(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
