"""What joining tells people: somebody joined with a letter of your address. Never who."""

from collections.abc import Iterable
from typing import Any

from stoep.delivery.notices import Notice, Told
from stoep.people.models import Membership, Person


def _household(told: Told) -> Iterable[Person]:
    """Who lives behind the same letterbox and was there before."""
    new = Membership.objects.filter(pk=told.subject_id).first()
    if new is None or new.household_id is None:
        return []
    earlier = Membership.objects.filter(household=new.household_id, ended_at=None, started_at__lte=new.started_at)
    return Person.objects.filter(pk__in=earlier.exclude(person=new.person_id).values("person"), left_at=None)


def _nothing_more(_told: Told, _reader: Person) -> dict[str, Any]:
    return {}


NOTICES = (Notice("joining.household_joined", _household, "joining/mail/household_joined", _nothing_more),)
