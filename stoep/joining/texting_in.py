"""Coming back by a texted link or six digits: as by mail, for who gave a number."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from stoep.access.limits import hit
from stoep.access.visitors import Visitor
from stoep.common.crypto import seal, unseal
from stoep.delivery import queue
from stoep.delivery.texts import Slip, post_text
from stoep.joining import codes
from stoep.joining.limits import (
    TEXTS_ASKED,
    TEXTS_OF_CITY,
    TEXTS_OF_NETWORK,
    TEXTS_TO_NUMBER,
    guess_at_digits,
    spend,
    together,
)
from stoep.joining.phones import ask_number
from stoep.joining.signing_in import VALID_FOR, new_ticket, person_with_digits
from stoep.people.models import Person, Phone, number_hash
from stoep.places.models import Municipality

SEALED_NUMBER = "joining.sign_in_number"


def ask_sign_in_text(*, municipality: Municipality, number: str, visitor: Visitor, now: datetime) -> None:
    """Ask for a text with a way in. Whether anybody has that number, the asker cannot tell: not by words nor by time.

    Raises limits.TooMany for a network that asks for too many; a number that had its texts just gets no more.
    """
    spend(TEXTS_OF_NETWORK, visitor.network, now=now)
    if not hit(TEXTS_ASKED, together(municipality.pk, number_hash(number), visitor.network), now=now):
        return
    queue.later(
        "joining.send_sign_in_text", municipality_id=str(municipality.pk), sealed_number=seal(SEALED_NUMBER, number)
    )


def send_sign_in_text(*, municipality: Municipality, sealed_number: str, now: datetime) -> int:
    """Text everybody with this number a way in; who has not confirmed it is asked that first. Answers how many."""
    number = unseal(SEALED_NUMBER, sealed_number)
    people = list(_neighbours_with(municipality, number, now=now))
    if not people or not hit(TEXTS_TO_NUMBER, together(municipality.pk, number_hash(number)), now=now):
        return 0
    for person in people:
        with transaction.atomic():
            _text(person, number, now=now)
    return len(people)


def use_text_code(
    *, municipality: Municipality, number: str, typed: str, visitor: Visitor, now: datetime
) -> Person | None:
    """The person to whom these six digits were texted, in whatever browser. Raises limits.TooMany."""
    code = codes.normalise_own_key(typed)
    if code is None:
        return None
    with guess_at_digits(municipality, visitor, number_hash(number), now=now) as guess:
        person = person_with_digits(code, _neighbours_with(municipality, number, now=now), now=now)
        if person is not None:
            guess.right()
    return person


def _text(person: Person, number: str, *, now: datetime) -> None:
    is_known = Phone.objects.filter(person=person, purpose=Phone.Purpose.REACH, confirmed_at__isnull=False).exists()
    if not is_known:
        ask_number(person, number, now=now)
    else:
        text_ticket(person, number, now=now)


def text_ticket(person: Person, number: str, *, now: datetime) -> None:
    """A way in, to a number that is theirs; none when the city has sent too many texts in this hour."""
    if hit(TEXTS_OF_CITY, str(person.municipality_id), now=now):
        slip = Slip(person.municipality, number, person.language, person=person, expires_at=now + VALID_FOR)
        post_text(slip, template="joining/sms/sign_in", context=new_ticket(person, now=now), now=now)


def _neighbours_with(municipality: Municipality, number: str, *, now: datetime) -> QuerySet[Person]:
    found = Person.objects.with_number(municipality, number, may_enter_at=now)
    return found.filter(kind=Person.Kind.NEIGHBOUR).order_by("id")
