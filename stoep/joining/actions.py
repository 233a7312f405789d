"""Joining with a letter: the code is looked up, somebody says their name and how to be reached, and stands inside.

Nobody is signed in at these doors, so no person can be asked of the gate: what permits it is the letter's code itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.common.text import clean_name, contains_national_number, has_first_and_last_name, looks_official
from stoep.delivery.outbox import tell
from stoep.joining import codes
from stoep.joining.codes import CodeRefused
from stoep.joining.confirming import ask_to_confirm
from stoep.joining.limits import guess_at_code
from stoep.joining.models import CodeUse, LetterCode, ReturnCredential
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Address, Municipality, Neighbourhood, StreetPart

AGAIN_WITHIN = timedelta(minutes=10)
# Some letters become two or three when they are brought into one form.
LONGEST_NAME = 80


class NameRefused(ValueError):
    """Why a name cannot be used: `reason` is short, long, official, or national_number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Wishes:
    """How somebody likes the pages: as they chose at the door, before they had an account."""

    language: str = "nl"
    look: str = Person.Look.AUTO
    text_size: str = Person.TextSize.MEDIUM


def check_code(*, municipality: Municipality, typed: str, visitor: Visitor, now: datetime) -> LetterCode:
    """The letter code that was typed, if it lets somebody in now. Raises CodeRefused or limits.TooMany.

    Only a code with a right check digit counts as a guess: typing errors are nobody's attack.
    """
    code = codes.well_formed(typed)
    with guess_at_code(municipality, visitor, now=now) as guess:
        found = LetterCode.objects.filter(municipality=municipality, code_hash=codes.code_hash(code)).first()
        if found is not None:
            guess.right()
    if found is None:
        raise CodeRefused("unknown")
    home_of(found, now=now)
    return found


def home_of(code: LetterCode, *, now: datetime) -> Address:
    """The address that the code opens, with its neighbourhood. Raises CodeRefused when it opens none now."""
    if code.withdrawn_at is not None or code.expires_at <= now or code.address_id is None:
        raise CodeRefused("expired")
    if code.uses >= LetterCode.MOST_USES:
        raise CodeRefused("full")
    address = Address.objects.select_related("street", "neighbourhood", "municipality").get(pk=code.address_id)
    if address.retired_at is not None or address.neighbourhood is None or not address.neighbourhood.admits:
        raise CodeRefused("closed")
    return address


def checked_name(name: str, municipality: Municipality) -> str:
    """The name as it is kept. Raises NameRefused."""
    name = clean_name(name)
    if len(name) > LONGEST_NAME:
        raise NameRefused("long")
    if contains_national_number(name):
        raise NameRefused("national_number")
    if not has_first_and_last_name(name):
        raise NameRefused("short")
    places = [municipality.name, *municipality.neighbourhoods.values_list("name", flat=True)]
    if looks_official(name, places):
        raise NameRefused("official")
    return name


@transaction.atomic
def join(
    *,
    code: LetterCode,
    name: str,
    email: str = "",
    own_key: str = "",
    wishes: Wishes = Wishes(),
    request_key: UUID | None = None,
    now: datetime,
) -> Person:
    """Become a neighbour, reached by `email`, or coming back with the letter and an own key.

    `request_key` becomes the person's id: asked twice, one person joins. Raises NameRefused and CodeRefused.
    """
    code = LetterCode.objects.select_for_update().get(pk=code.pk)
    known = Person.objects.filter(pk=request_key, code_use__code=code).first() if request_key else None
    if known is not None:
        return known
    address = home_of(code, now=now)
    if not (email or own_key):
        raise ValueError("Nobody could come back: neither an e-mail address nor an own key.")
    person = _new_person(address.municipality, name, wishes, request_key or new_id(), now=now)
    if own_key:
        person.password = make_password(own_key)
    if email:
        person.set_email(email)
    person.save(force_insert=True)
    membership = _settle(person, address, now=now)
    _use(code, person, now=now)
    if own_key:
        ReturnCredential.objects.create(person=person, code_hash=code.code_hash, created_at=now)
    if email:
        ask_to_confirm(person, email=email, now=now)
    municipality_id = person.municipality_id
    tell("joining.household_joined", municipality_id=municipality_id, subject_id=membership.pk, actor=person, now=now)
    return person


def joined_just_now(*, person_id: UUID, now: datetime) -> Person | None:
    """Who the last screen made a moment ago, if nobody came in yet: the answer was lost, and the screen sent again."""
    lately = Person.objects.filter(pk=person_id, joined_at__gt=now - AGAIN_WITHIN, joined_at__lte=now)
    return lately.filter(feed_seen_at=None, left_at=None, code_use__isnull=False).first()


def _new_person(municipality: Municipality, name: str, wishes: Wishes, key: UUID, *, now: datetime) -> Person:
    return Person(
        id=key,
        municipality=municipality,
        name=checked_name(name, municipality),
        language=wishes.language,
        look=wishes.look,
        text_size=wishes.text_size,
        joined_at=now,
    )


def _settle(person: Person, address: Address, *, now: datetime) -> Membership:
    """A household and a membership; the street is shown where it is long enough to hide in."""
    household, _is_new = Household.objects.get_or_create(address=address, defaults={"created_at": now})
    part = StreetPart.objects.filter(street=address.street_id, neighbourhood=address.neighbourhood_id).first()
    Neighbourhood.objects.filter(pk=address.neighbourhood_id).update(member_count=F("member_count") + 1)
    return Membership.objects.create(
        person=person,
        neighbourhood_id=address.neighbourhood_id,
        household=household,
        shown_street_id=address.street_id if part is not None and part.may_be_shown else None,
        proof=Membership.Proof.LETTER,
        started_at=now,
    )


def _use(code: LetterCode, person: Person, *, now: datetime) -> None:
    LetterCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    CodeUse.objects.create(code=code, person=person, used_at=now)
