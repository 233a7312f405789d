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
from stoep.delivery.models import Mail, OutboxEntry
from stoep.people.models import Person
from stoep.places.models import Municipality


@dataclass(frozen=True)
class Envelope:
    """To whom and how: `expires_at` drops a mail that lost its sense (a sign-in code) rather than send it late."""

    municipality: Municipality
    recipient: str
    language: str
    person: Person | None = None
    entry: OutboxEntry | None = None
    expires_at: datetime | None = None


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
    mail = Mail(
        id=new_id(),
        entry=envelope.entry,
        municipality=envelope.municipality,
        person=envelope.person,
        kind=template,
        recipient=envelope.recipient,
        made_at=now,
        due_at=now,
        expires_at=envelope.expires_at,
        headers={"Content-Language": envelope.language},
        **_words(envelope, template, context),
    )
    with transaction.atomic():
        Mail.objects.bulk_create([mail], ignore_conflicts=True)
        is_kept = Mail.objects.filter(pk=mail.pk).exists()
    return UUID(str(mail.pk)) if is_kept else None


def ask_for_sending() -> None:
    """Once the transaction commits. One job at a time talks to the server, however many ask for it."""
    queue.later("delivery.send_mails", lock="delivery.send_mails")


def _words(envelope: Envelope, template: str, context: dict[str, Any]) -> dict[str, str]:
    """What is in it, in the reader's language. A subject is one line, whatever people wrote in it."""
    facts = {**context, "municipality": envelope.municipality, "language": envelope.language}
    with translation.override(envelope.language):
        return {
            "subject": " ".join(render_to_string(f"{template}/subject.txt", facts).split()),
            "text": render_to_string(f"{template}/body.txt", facts).strip() + "\n",
            "html": render_to_string(f"{template}/body.html", facts),
        }
