"""Who sits in front of a session shows once more who they are: by digits mailed to them, or by their own key."""

from datetime import datetime
from enum import Enum

from django.contrib.auth.hashers import check_password

from stoep.access.gate import require
from stoep.access.limits import Limit
from stoep.access.visitors import Visitor
from stoep.joining import codes
from stoep.joining.limits import MAILS_TO_ADDRESS, WRONG_RETURNS, guarded, spend, together
from stoep.joining.models import ReturnCredential
from stoep.joining.signing_in import mail_ticket, use_mail_code
from stoep.joining.texting_in import text_ticket, use_text_code
from stoep.people.models import Person
from stoep.people.queries import number_of

WRONG_PROOFS = Limit("wrong own keys of a person", 5, WRONG_RETURNS.window)


class Way(Enum):
    """How somebody can show it."""

    MAIL = "mail"
    TEXT = "text"
    OWN_KEY = "own key"
    STAFF = "staff"
    NONE = "none"


def way_of(person: Person) -> Way:
    """NONE: an address that was never confirmed, and no own key."""
    if person.is_staff_member:
        return Way.STAFF
    if person.email and person.email_confirmed_at is not None:
        return Way.MAIL
    if number_of(person):
        return Way.TEXT
    has_key = ReturnCredential.objects.filter(person=person).exists()
    return Way.OWN_KEY if has_key else Way.NONE


def mail_digits(*, person: Person, now: datetime) -> None:
    """Send six digits, by mail or by text. Raises limits.TooMany."""
    require(person, "neighbours:person:change", person, now=now)
    spend(MAILS_TO_ADDRESS, together(person.municipality_id, person.email_hash or person.pk), now=now)
    if way_of(person) is Way.TEXT:
        text_ticket(person, number_of(person), now=now)
    else:
        mail_ticket(person, now=now)


def proves(*, person: Person, typed: str, visitor: Visitor, now: datetime) -> bool:
    """Whether these six digits are theirs: the mailed ones, or the own key. Raises limits.TooMany."""
    require(person, "neighbours:person:change", person, now=now)
    if way_of(person) is Way.MAIL:
        return (
            use_mail_code(municipality=person.municipality, email=person.email, typed=typed, visitor=visitor, now=now)
            == person
        )
    if way_of(person) is Way.TEXT:
        number, city = number_of(person), person.municipality
        return use_text_code(municipality=city, number=number, typed=typed, visitor=visitor, now=now) == person
    key = codes.normalise_own_key(typed)
    with guarded((WRONG_PROOFS, str(person.pk)), now=now) as guess:
        is_right = key is not None and way_of(person) is Way.OWN_KEY and check_password(key, person.password)
        if is_right:
            guess.right()
    return is_right
