"""Text messages on the wire: the only home of the SMS provider. JSON is posted with a bearer token; a 2xx means taken.

In a rehearsal without a provider the message lies in the demo's mailbox, beside the mails.
"""

import json
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from stoep.common import clock

# About us and not about this message: our token, our speed, the provider's slowness.
ABOUT_US = {401, 402, 403, 407, 408, 409, 421, 425, 429}
TAKEN, REFUSED_FROM, OVER = range(200, 300), 400, 500
MOST_READ = 2000


class Refused(Exception):
    """The provider says that this message can never be delivered."""


class Later(Exception):
    """The provider does not take it now, or cannot be reached. Whether it took the message nobody may know."""


@dataclass(frozen=True)
class Text:
    """`id` travels as Idempotency-Key too, so that a repeat after a crash is recognised as one."""

    id: str
    to: str
    words: str


def is_offered() -> bool:
    """Whether somebody can be reached by text at all."""
    return bool(settings.SMS["url"]) or settings.IS_REHEARSAL


def send(text: Text) -> None:
    """Hand one message over. Returns only when it was taken; raises Refused or Later."""
    if not settings.SMS["url"]:
        _keep_in_mailbox(text)
        return
    status = _posted(text)
    if status in TAKEN:
        return
    is_final = REFUSED_FROM <= status < OVER and status not in ABOUT_US
    raise (Refused if is_final else Later)(f"HTTP {status}")


def _posted(text: Text) -> int:
    """The status alone: what a provider says beside it may name the number. No redirect is followed."""
    url = urlsplit(settings.SMS["url"])
    body = json.dumps({"id": text.id, "from": settings.SMS["sender"], "to": text.to, "text": text.words})
    headers = {
        "Authorization": f"Bearer {settings.SMS['token']}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": text.id,
    }
    connection = _connection(url.scheme, url.hostname or "", url.port)
    try:
        connection.request("POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), body.encode(), headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
    except (OSError, HTTPException) as error:
        raise Later(type(error).__name__) from error
    finally:
        connection.close()
    return int(answer.status)


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    timeout = settings.SMS["timeout"]
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=timeout)


def _keep_in_mailbox(text: Text) -> None:
    """As a mail without a subject of its own: a file appears whole or not at all."""
    now = clock.now()
    message = EmailMessage()
    message["To"], message["Subject"], message["Date"] = text.to, "SMS", format_datetime(now)
    message["Message-ID"] = f"<{text.id}@sms>"
    message.set_content(text.words)
    folder = Path(settings.STOEP_VAR) / "mailbox"
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{text.id}.eml"
    half.write_bytes(message.as_bytes())
    half.rename(folder / f"{now:%Y%m%d-%H%M%S-%f}.eml")
