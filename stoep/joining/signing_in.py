"""Coming back: by a mailed link or six digits that work in any browser, or with the letter's code and the own key."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet

from stoep.access.limits import hit
from stoep.access.visitors import Visitor
from stoep.common.crypto import keyed_hash, seal, unseal
from stoep.delivery import queue
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.joining import codes
from stoep.joining.codes import well_formed
from stoep.joining.confirming import ask_to_confirm, token_hash
from stoep.joining.limits import (
    MAILS_ASKED,
    MAILS_OF_NETWORK,
    MAILS_TO_ADDRESS,
    WRONG_KEYS,
    WRONG_KEYS_A_DAY,
    WRONG_RETURNS,
    TooMany,
    guarded,
    guess_at_digits,
    spend,
    together,
)
from stoep.joining.models import ReturnCredential, Ticket
from stoep.people.models import Person, email_hash, may_enter
from stoep.places.models import Municipality

VALID_FOR = timedelta(minutes=20)
TICKETS_KEPT = timedelta(days=14)
SEALED_ADDRESS = "joining.sign_in"


def ask_sign_in_mail(*, municipality: Municipality, email: str, visitor: Visitor, now: datetime) -> None:
    """Ask for a mail with a way in. Whether anybody has that address, the asker cannot tell: not by words nor by time.

    Raises limits.TooMany for a network that asks for too many; an address that had its mails just gets no more.
    """
    spend(MAILS_OF_NETWORK, visitor.network, now=now)
    if not hit(MAILS_ASKED, together(municipality.pk, email_hash(email), visitor.network), now=now):
        return
    queue.later(
        "joining.send_sign_in_mail",
        municipality_id=str(municipality.pk),
        sealed_address=seal(SEALED_ADDRESS, email.strip()),
    )


def send_sign_in_mail(*, municipality: Municipality, sealed_address: str, now: datetime) -> int:
    """Mail everybody with this address a way in; who has not confirmed it is asked that first. Answers how many."""
    email = unseal(SEALED_ADDRESS, sealed_address)
    people = list(_neighbours_with(municipality, email, now=now))
    try:
        for _each in people[:1]:
            spend(MAILS_TO_ADDRESS, together(municipality.pk, email_hash(email)), now=now)
    except TooMany:
        return 0
    for person in people:
        with transaction.atomic():
            if person.email_confirmed_at is None:
                ask_to_confirm(person, email=person.email, now=now)
            else:
                mail_ticket(person, now=now)
    return len(people)


def use_link(*, token: str, now: datetime) -> Person | None:
    """The person of a mailed link, once. None: used, too old, or not a link of ours."""
    ticket = open_link(token, now=now)
    return _used(ticket, now=now) if ticket else None


def open_link(token: str, *, now: datetime) -> Ticket | None:
    """The ticket behind a mailed link, without using it: mail scanners open links, people press the button."""
    found = Ticket.objects.filter(purpose=Ticket.Purpose.SIGN_IN, token_hash=token_hash(token))
    return (
        found.filter(
            may_enter(now, path="person__"), used_at=None, expires_at__gt=now, person__kind=Person.Kind.NEIGHBOUR
        )
        .select_related("person__municipality")
        .first()
    )


def use_mail_code(
    *, municipality: Municipality, email: str, typed: str, visitor: Visitor, now: datetime
) -> Person | None:
    """The person to whom these six digits were mailed, in whatever browser they are typed. Raises limits.TooMany."""
    code = codes.normalise_own_key(typed)
    if code is None:
        return None
    with guess_at_digits(municipality, visitor, email_hash(email), now=now) as guess:
        person = person_with_digits(code, _neighbours_with(municipality, email, now=now), now=now)
        if person is not None:
            guess.right()
    return person


def person_with_digits(code: str, people: QuerySet[Person], *, now: datetime) -> Person | None:
    """Who of these holds an open ticket with these digits; each try is counted, and a right one uses it up."""
    ticket = _ticket_with(code, _counted_tickets(people, now=now))
    return _used(ticket, now=now) if ticket is not None else None


def return_with_letter(
    *, municipality: Municipality, code: str, own_key: str, visitor: Visitor, now: datetime
) -> Person | None:
    """Who joined with this letter and holds this own key; the letter serves for that also when it enrols nobody more.

    Raises CodeRefused for what cannot be a code, and limits.TooMany: six digits are few, so a letter allows few tries.
    """
    letter, key = well_formed(code), codes.normalise_own_key(own_key)
    if key is None:
        return None
    hash_of_letter = codes.code_hash(letter)
    limits = ((WRONG_RETURNS, visitor.network), (WRONG_KEYS, hash_of_letter), (WRONG_KEYS_A_DAY, hash_of_letter))
    with guarded(*limits, now=now) as guess:
        found = ReturnCredential.objects.filter(code_hash=hash_of_letter, person__municipality=municipality)
        people = [
            one.person for one in found.filter(may_enter(now, path="person__")).select_related("person").order_by("id")
        ]
        if not people:
            make_password(key)  # as slow as for a letter that somebody joined with
        for person in people:
            if check_password(key, person.password):
                guess.right()
                return person
    return None


def forget_old_tickets(*, now: datetime) -> int:
    """Tickets serve for minutes or days; a fortnight after their end nobody needs them."""
    gone, _by_model = Ticket.objects.filter(expires_at__lt=now - TICKETS_KEPT).delete()
    return gone


def municipality_of(municipality_id: str) -> Municipality | None:
    return Municipality.objects.filter(pk=UUID(municipality_id)).first()


def new_ticket(person: Person, *, now: datetime) -> dict[str, Any]:
    """A way in for some minutes: what the mail or text says of it."""
    token, code = secrets.token_urlsafe(24), codes.new_mail_code()
    Ticket.objects.create(
        person=person,
        purpose=Ticket.Purpose.SIGN_IN,
        token_hash=token_hash(token),
        code_hash=_code_hash(code),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    link = site_url(person.municipality, f"/sign-in/link/{token}/")
    return {"link": link, "code": codes.shown_own_key(code), "reader": person}


def mail_ticket(person: Person, *, now: datetime) -> None:
    context, ends = new_ticket(person, now=now), now + VALID_FOR
    envelope = Envelope(person.municipality, person.email, person.language, person=person, expires_at=ends)
    post_mail(envelope, template="joining/mail/sign_in", context=context, now=now)


def _used(ticket: Ticket, *, now: datetime) -> Person | None:
    """Once, also when two browsers try at one moment."""
    is_first = Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now)
    return ticket.person if is_first else None


def _counted_tickets(people: QuerySet[Person], *, now: datetime) -> list[Ticket]:
    """Their open tickets, each with this try counted first: so tries at one moment cannot slip through."""
    tickets = Ticket.objects.filter(
        person__in=people,
        purpose=Ticket.Purpose.SIGN_IN,
        used_at=None,
        expires_at__gt=now,
    )
    known = [ticket.pk for ticket in tickets]
    counted = [
        pk for pk in known if Ticket.objects.filter(pk=pk, tries__lt=Ticket.MOST_TRIES).update(tries=F("tries") + 1)
    ]
    return list(tickets.filter(pk__in=counted).select_related("person").order_by("-created_at", "id"))


def _ticket_with(code: str, tickets: list[Ticket]) -> Ticket | None:
    hash_of_code = _code_hash(code)
    return next((one for one in tickets if secrets.compare_digest(one.code_hash, hash_of_code)), None)


def _neighbours_with(municipality: Municipality, email: str, *, now: datetime) -> QuerySet[Person]:
    """Who left lately comes in too, as far as the question whether they come back."""
    return (
        Person.objects.with_email(municipality, email, may_enter_at=now)
        .filter(kind=Person.Kind.NEIGHBOUR)
        .order_by("id")
    )


def _code_hash(code: str) -> str:
    return keyed_hash("joining.mail_code", code)
