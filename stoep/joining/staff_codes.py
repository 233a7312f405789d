"""The first half of the staff's door: a code by mail, which only the browser that asked for it can use.

So a stranger wears out tries of their own and closes nothing; and an address of nobody is answered alike, as fast.
"""

import hmac
import json
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from stoep.access.limits import Limit, hit
from stoep.access.visitors import Visitor
from stoep.common.crypto import keyed_hash, seal, unseal
from stoep.delivery import queue
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.joining import codes
from stoep.joining.limits import guarded, spend, together
from stoep.joining.models import Ticket
from stoep.people.models import Person, email_hash
from stoep.places.models import Municipality

CODE_VALID = timedelta(minutes=20)
SEALED_REQUEST = "joining.staff_code_request"
# All of city hall may have one address on the network.
ASKED_BY_NETWORK = Limit("staff mails asked by a network", 200, timedelta(hours=1))
MAILS_ASKED = Limit("staff mails to an address asked by a network", 5, timedelta(hours=1))
MAILS = Limit("staff mails", 20, timedelta(hours=1))
WRONG_OF_NETWORK = Limit("staff wrong mailed codes of a network", 20, timedelta(minutes=30))
# A ticket lives for minutes, so its window hardly ever ends before it does. Counted also for a ticket that was never
# made: so the answer does not tell whether it was.
WRONG_OF_TICKET = Limit("staff wrong codes of a ticket", Ticket.MOST_TRIES, timedelta(days=1))


def new_ticket_secret() -> str:
    """What a browser keeps in its session while it waits for a mail."""
    return secrets.token_urlsafe(24)


def ask_staff_code(*, municipality: Municipality, email: str, secret: str, visitor: Visitor, now: datetime) -> bool:
    """Ask for six digits by mail. Whether anybody has that address the asker cannot tell: not by words nor by time.

    False: this network asked often for that address, and no more mail comes. Raises limits.TooMany for a network that
    asks for ever more.
    """
    spend(ASKED_BY_NETWORK, visitor.network, now=now)
    if not hit(MAILS_ASKED, together(municipality.pk, email_hash(email), visitor.network), now=now):
        return False
    queue.later(
        "joining.send_staff_code",
        municipality_id=str(municipality.pk),
        sealed_request=seal(SEALED_REQUEST, json.dumps([email.strip(), secret])),
    )
    return True


def send_staff_code(*, municipality: Municipality, sealed_request: str, now: datetime) -> bool:
    """Mail six digits if this address belongs to somebody on the staff, once for each asking. Answers whether."""
    email, secret = json.loads(unseal(SEALED_REQUEST, sealed_request))
    person = Person.objects.with_email(municipality, email).filter(kind=Person.Kind.STAFF).first()
    token_hash = _ticket_hash(secret)
    if person is None or Ticket.objects.filter(token_hash=token_hash).exists():
        return False
    if not hit(MAILS, str(person.pk), now=now):
        return False
    _mail_code(person, email, token_hash, now=now)
    return True


def check_staff_code(
    *, municipality: Municipality, secret: str, typed: str, visitor: Visitor, now: datetime
) -> Person | None:
    """The person, if these digits were mailed when this browser asked last. They work once. Raises limits.TooMany."""
    code = codes.normalise_own_key(typed)
    if code is None:
        return None
    limits = ((WRONG_OF_NETWORK, visitor.network), (WRONG_OF_TICKET, _ticket_hash(secret)))
    with guarded(*limits, now=now) as guess:
        ticket = _open_ticket(municipality, secret, now)
        if ticket is None or not hmac.compare_digest(_code_hash(code), ticket.code_hash):
            return None
        if not Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now):
            return None
        guess.right()
    return ticket.person


@transaction.atomic
def _mail_code(person: Person, email: str, token_hash: str, *, now: datetime) -> None:
    code, ends = codes.new_mail_code(), now + CODE_VALID
    Ticket.objects.create(
        person=person,
        purpose=Ticket.Purpose.SIGN_IN,
        token_hash=token_hash,
        code_hash=_code_hash(code),
        created_at=now,
        expires_at=ends,
    )
    envelope = Envelope(person.municipality, email, person.language, person=person, expires_at=ends)
    post_mail(envelope, template="joining/mail/staff_code", context={"code": codes.shown_own_key(code)}, now=now)


def _open_ticket(municipality: Municipality, secret: str, now: datetime) -> Ticket | None:
    found = Ticket.objects.filter(purpose=Ticket.Purpose.SIGN_IN, token_hash=_ticket_hash(secret))
    return (
        found.filter(used_at=None, expires_at__gt=now, person__municipality=municipality)
        .filter(person__kind=Person.Kind.STAFF, person__left_at=None)
        .select_related("person__municipality")
        .first()
    )


def _ticket_hash(secret: str) -> str:
    """Of another kind than the hash of a link: what a browser keeps opens no page."""
    return keyed_hash("joining.staff_ticket", secret)


def _code_hash(code: str) -> str:
    return keyed_hash("joining.staff_code", code)
