"""Joining: a code is looked up, somebody says their name and how to be reached, and stands inside.

Nobody is signed in at these doors, so no person can be asked of the gate: what permits it is the letter's code, or the
invitation of a neighbour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.delivery.outbox import tell
from stoep.joining import codes
from stoep.joining.codes import CodeRefused
from stoep.joining.confirming import ask_to_confirm
from stoep.joining.entrances import Entrance, WayIn, entrance_of, home_of, way_with
from stoep.joining.limits import guess_at_code
from stoep.joining.models import CodeUse, Invitation, InvitationUse, LetterCode, ReturnCredential
from stoep.joining.phones import ask_number, keep_number
from stoep.people.kept_blocks import restore_blocks
from stoep.people.models import Household, Membership, Person
from stoep.people.real_names import checked_name
from stoep.people.terms import agree_to_house_rules
from stoep.places.models import Address, Municipality, Neighbourhood, StreetPart

AGAIN_WITHIN = timedelta(minutes=10)


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


def check_way_in(*, municipality: Municipality, typed: str, visitor: Visitor, now: datetime) -> WayIn:
    """As `check_code`, for the first screen, where the code of an invitation may be typed too."""
    code = codes.well_formed(typed)
    with guess_at_code(municipality, visitor, now=now) as guess:
        found = way_with(codes.code_hash(code), municipality)
        if found is not None:
            guess.right()
    if found is None:
        raise CodeRefused("unknown")
    entrance_of(found, now=now)
    return found


@transaction.atomic
def join(
    *,
    code: WayIn,
    name: str,
    email: str = "",
    number: str = "",
    own_key: str = "",
    wishes: Wishes = Wishes(),
    said_at: str = "join",
    request_key: UUID | None = None,
    now: datetime,
) -> Person:
    """Become a neighbour, reached by `email` or `number`, or coming back with the paper and an own key.

    Who was invited is a provisional one. `said_at`: where they agreed to the house rules. `request_key` becomes the
    person's id: asked twice, one person joins. Raises NameRefused and CodeRefused.
    """
    code = type(code).objects.select_for_update().get(pk=code.pk)
    known = _joined_already(code, request_key)
    if known is not None:
        return known
    entrance = entrance_of(code, now=now)
    if not (email or number or own_key):
        raise ValueError("Nobody could come back: neither an address nor a number nor an own key.")
    person = _new_person(entrance.municipality, name, wishes, request_key or new_id(), now=now)
    if own_key:
        person.password = make_password(own_key)
    if email:
        person.set_email(email)
    person.save(force_insert=True)
    membership = _settle(person, entrance, now=now)
    agree_to_house_rules(person, form=said_at, now=now)
    restore_blocks(person, now)
    _use(code, person, now=now)
    if own_key:
        ReturnCredential.objects.create(person=person, code_hash=code.code_hash, created_at=now)
    if email:
        ask_to_confirm(person, email=email, now=now)
    if number:
        keep_number(person, number, now=now)
        ask_number(person, number, now=now)
    news = "joining.household_joined" if entrance.address else "joining.guest_joined"
    tell(news, municipality_id=person.municipality_id, subject_id=membership.pk, actor=person, now=now)
    return person


def _joined_already(code: WayIn, request_key: UUID | None) -> Person | None:
    if request_key is None:
        return None
    used = {"invitation_use__invitation": code} if isinstance(code, Invitation) else {"code_use__code": code}
    return Person.objects.filter(pk=request_key, **used).first()


def joined_just_now(*, person_id: UUID, now: datetime) -> Person | None:
    """Who the last screen made a moment ago, if nobody came in yet: the answer was lost, and the screen sent again."""
    lately = Person.objects.filter(pk=person_id, joined_at__gt=now - AGAIN_WITHIN, joined_at__lte=now)
    came = Q(code_use__isnull=False) | Q(invitation_use__isnull=False)
    return lately.filter(came, feed_seen_at=None, left_at=None).first()


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


def _settle(person: Person, entrance: Entrance, *, now: datetime) -> Membership:
    """A membership: with a household where an address is proven, else provisional and without a street."""
    Neighbourhood.objects.filter(pk=entrance.neighbourhood.pk).update(member_count=F("member_count") + 1)
    if entrance.address is None:
        return Membership.objects.create(
            person=person,
            neighbourhood=entrance.neighbourhood,
            standing=Membership.Standing.PROVISIONAL,
            proof=Membership.Proof.INVITATION,
            invited_by=entrance.inviter,
            started_at=now,
        )
    return Membership.objects.create(
        person=person,
        neighbourhood=entrance.neighbourhood,
        household=household_at(entrance.address, now=now),
        shown_street_id=shown_street_at(entrance.address),
        proof=Membership.Proof.LETTER,
        started_at=now,
    )


def household_at(address: Address, *, now: datetime) -> Household:
    household, _is_new = Household.objects.get_or_create(address=address, defaults={"created_at": now})
    return household


def shown_street_at(address: Address) -> UUID | None:
    """The street, where it is long enough to hide in."""
    part = StreetPart.objects.filter(street=address.street_id, neighbourhood=address.neighbourhood_id).first()
    return UUID(str(address.street_id)) if part is not None and part.may_be_shown else None


def _use(code: WayIn, person: Person, *, now: datetime) -> None:
    type(code).objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    if isinstance(code, Invitation):
        InvitationUse.objects.create(invitation=code, person=person, used_at=now)
    else:
        CodeUse.objects.create(code=code, person=person, used_at=now)
