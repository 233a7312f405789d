"""New paper for who lost theirs: an own key and a letter's code. The one before stops at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from stoep.access.gate import require
from stoep.common.ids import new_id
from stoep.joining import codes
from stoep.joining.models import LetterCode, ReturnCredential
from stoep.people.models import Membership, Person


class NoLetterbox(LookupError):
    """There is no address for which a letter could be made: the person lives behind no known letterbox."""


def people_of_letter(municipality_id: UUID, code_hash: str) -> list[Person]:
    """Who joined or comes back with this letter or invitation, also when it lets nobody in any more."""
    joined = Q(code_use__code__code_hash=code_hash) | Q(invitation_use__invitation__code_hash=code_hash)
    returning = Q(return_credential__code_hash=code_hash)
    found = Person.objects.filter(joined | returning).filter(
        municipality_id=municipality_id, left_at=None, kind=Person.Kind.NEIGHBOUR
    )
    return list(found.distinct().order_by("id"))


@transaction.atomic
def renew_own_key(*, person: Person, code_hash: str, now: datetime) -> str:
    """A new own key beside the letter with this code; the old key is dead, and every open session ends."""
    require(person, "neighbours:person:change", person, now=now)
    own_key = codes.new_own_key()
    person.password = make_password(own_key)
    person.session_version += 1
    person.save(update_fields=["password", "session_version"])
    _come_back_with(person, code_hash, now=now)
    return own_key


@transaction.atomic
def reissue_letter(*, person: Person, now: datetime) -> str:
    """A new code for the person's own letterbox; older ones enrol nobody any more. Raises NoLetterbox.

    Who lives there already counts as having used it: a new letter makes no room for more than eight.
    """
    require(person, "neighbours:person:change", person, now=now)
    home = Membership.objects.filter(person=person, ended_at=None, household__isnull=False)
    membership = home.select_related("household__address").first()
    if membership is None or membership.household is None:
        raise NoLetterbox
    inside = Membership.objects.filter(household=membership.household_id, ended_at=None).count()
    LetterCode.objects.filter(address=membership.household.address_id, withdrawn_at=None).update(withdrawn_at=now)
    (code,) = codes.new_codes(1)
    LetterCode.objects.create(
        id=new_id(now),
        municipality=person.municipality,
        address=membership.household.address,
        code_hash=codes.code_hash(code),
        uses=min(inside, LetterCode.MOST_USES),
        created_at=now,
        expires_at=now + timedelta(days=person.municipality.code_days),
    )
    _come_back_with(person, codes.code_hash(code), now=now)
    return code


def _come_back_with(person: Person, code_hash: str, *, now: datetime) -> None:
    """The letter that this person holds from now on."""
    ReturnCredential.objects.update_or_create(
        person=person, defaults={"code_hash": code_hash}, create_defaults={"code_hash": code_hash, "created_at": now}
    )
