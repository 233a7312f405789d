"""E-mail addresses: asked about once, changed, confirmed. A new address hears one question and nothing else."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from stoep.access.gate import require
from stoep.access.limits import hit
from stoep.common.crypto import keyed_hash
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.joining.limits import CHANGES_OF_ADDRESS, QUESTIONS_TO_ADDRESS, spend, together
from stoep.joining.models import Ticket
from stoep.people.kept_blocks import restore_blocks
from stoep.people.models import Person, email_hash, may_enter

ASKED_FOR = timedelta(days=14)


def ask_to_confirm(person: Person, *, email: str, now: datetime) -> None:
    """Mail "Is this your address?" to `email`, with one button; earlier questions lose their button."""
    token = secrets.token_urlsafe(24)
    _forget_questions(person)
    Ticket.objects.create(
        person=person,
        purpose=Ticket.Purpose.CONFIRM_EMAIL,
        token_hash=token_hash(token),
        email=email.strip(),
        created_at=now,
        expires_at=now + ASKED_FOR,
    )
    envelope = Envelope(person.municipality, email.strip(), person.language, person=person, expires_at=now + ASKED_FOR)
    context: dict[str, Any] = {"link": site_url(person.municipality, f"/e-mail/{token}/")}
    post_mail(envelope, template="joining/mail/confirm_email", context=context, now=now)


def correct_email(*, person: Person, email: str, now: datetime) -> None:
    """Ask the new address; a confirmed one goes on working until the new one is. Raises limits.TooMany.

    An address that was asked often gets no more mail, and nobody is told: what others do is not theirs to learn.
    """
    require(person, "neighbours:person:change", person, now=now)
    spend(CHANGES_OF_ADDRESS, str(person.pk), now=now)
    is_asked = hit(QUESTIONS_TO_ADDRESS, together(person.municipality_id, email_hash(email)), now=now)
    with transaction.atomic():
        if person.email_confirmed_at is None:
            person.set_email(email)
            person.save(update_fields=["email", "email_hash", "email_confirmed_at"])
        if is_asked:
            ask_to_confirm(person, email=email, now=now)
        else:
            _forget_questions(person)


@transaction.atomic
def confirm_email(*, token: str, now: datetime) -> Person | None:
    """The button in the mail was pressed; pressed twice, it answers the same. None: too old, or not a token."""
    ticket = open_question(token, now=now)
    if ticket is None:
        return None
    person = ticket.person
    if Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now):
        _let_reach(person, ticket.email, now=now)
    return person


def _let_reach(person: Person, email: str, *, now: datetime) -> None:
    """The address is the person's; one that it replaces opens nothing any more, also where it opened something."""
    is_other = person.email_confirmed_at is not None and person.email_hash != email_hash(email)
    if is_other:
        _tell_old_address(person, now=now)
        person.session_version += 1
        Ticket.objects.filter(person=person, purpose=Ticket.Purpose.SIGN_IN).delete()
    person.set_email(email)
    person.email_confirmed_at = now
    person.save(update_fields=["email", "email_hash", "email_confirmed_at", "session_version"])
    restore_blocks(person, now)


def _tell_old_address(person: Person, *, now: datetime) -> None:
    """The last thing that the old address hears: that it is so no more, and not which one is."""
    envelope = Envelope(person.municipality, person.email, person.language, person=person)
    post_mail(envelope, template="joining/mail/email_changed", context={"reader": person}, now=now)


def _forget_questions(person: Person) -> None:
    Ticket.objects.filter(person=person, purpose=Ticket.Purpose.CONFIRM_EMAIL).delete()


def open_question(token: str, *, now: datetime) -> Ticket | None:
    """The question behind a link, without answering it."""
    found = Ticket.objects.filter(purpose=Ticket.Purpose.CONFIRM_EMAIL, token_hash=token_hash(token))
    return (
        found.filter(may_enter(now, path="person__"), expires_at__gt=now).select_related("person__municipality").first()
    )


def token_hash(token: str) -> str:
    return keyed_hash("joining.ticket", token)
