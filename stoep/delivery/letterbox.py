"""Writing one mail: rendered in the reader's language, kept as a row, sent by a job after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from stoep.common.ids import new_id
from stoep.delivery import queue
from stoep.delivery.links import sender_of, site_url
from stoep.delivery.models import Mail, OutboxEntry, Stream
from stoep.delivery.stopping import stop_link, stream_headers
from stoep.people.models import Person
from stoep.places.models import Municipality


@dataclass(frozen=True)
class Envelope:
    """To whom and how: `expires_at` drops a mail that lost its sense (a sign-in code) rather than send it late.

    `stream`: of `person`, who can stop it; `thread_id`: the post that it is about.
    """

    municipality: Municipality
    recipient: str
    language: str
    person: Person | None = None
    entry: OutboxEntry | None = None
    expires_at: datetime | None = None
    stream: str = ""
    thread_id: UUID | None = None


def post_mail(envelope: Envelope, *, template: str, context: dict[str, Any], now: datetime) -> UUID | None:
    """Keep a mail and ask for its sending, in the caller's transaction. None: this entry was mailed to them already.

    `template`: a folder with subject.txt, body.txt and body.html, each rendered with `context`, `municipality`.
    """
    with transaction.atomic():
        mail_id = keep_mail(envelope, template=template, context=context, now=now)
        if mail_id is not None:
            ask_for_sending()
    return mail_id


def keep_mail(envelope: Envelope, *, template: str, context: dict[str, Any], now: datetime) -> UUID | None:
    """As `post_mail`, for many at once: the caller asks for the sending of all of them."""
    mail = mail_of(envelope, template=template, context=context, now=now)
    with transaction.atomic():
        Mail.objects.bulk_create([mail], ignore_conflicts=True)
        is_kept = Mail.objects.filter(pk=mail.pk).exists()
    return UUID(str(mail.pk)) if is_kept else None


def mail_of(envelope: Envelope, *, template: str, context: dict[str, Any], now: datetime) -> Mail:
    """The mail as a row that is not kept yet."""
    return Mail(
        id=new_id(),
        entry=envelope.entry,
        municipality=envelope.municipality,
        person=envelope.person,
        kind=template,
        stream=envelope.stream,
        recipient=envelope.recipient,
        made_at=now,
        due_at=now,
        expires_at=envelope.expires_at,
        headers={"Content-Language": envelope.language, **_stream_headers(envelope)},
        **_words(envelope, template, context),
    )


def _stream_headers(envelope: Envelope) -> dict[str, str]:
    person, stream = envelope.person, envelope.stream
    if person is None or not stream:
        return {}
    return stream_headers(person, stream, sender=sender_of(envelope.municipality), thread_id=envelope.thread_id)


def ask_for_sending() -> None:
    """Once the transaction commits. One job at a time talks to the server, however many ask for it."""
    queue.later("delivery.send_mails", lock="delivery.send_mails")


def _words(envelope: Envelope, template: str, context: dict[str, Any]) -> dict[str, str]:
    """What is in it, in the reader's language. A subject is one line, whatever people wrote in it."""
    facts = {"municipality": envelope.municipality, "language": envelope.language, "stop": "", **context}
    if envelope.person is not None and envelope.stream and envelope.stream != Stream.URGENT:
        facts["stop"] = stop_link(envelope.person, envelope.stream)
        facts["choices"] = site_url(envelope.municipality, "/me/mail/")
    with translation.override(envelope.language):
        return {
            "subject": " ".join(render_to_string(f"{template}/subject.txt", facts).split()),
            "text": render_to_string(f"{template}/body.txt", facts).strip() + "\n",
            "html": render_to_string(f"{template}/body.html", facts),
        }
