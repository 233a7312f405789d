"""Reads for one's own pages."""

from dataclasses import dataclass

from stoep.people.models import Membership, Person
from stoep.places.models import Street, StreetPart


@dataclass(frozen=True)
class OwnStreet:
    """Where somebody lives, whether the street is long enough to hide in, and whether neighbours see it."""

    street: Street | None = None
    may_be_shown: bool = False
    is_shown: bool = False


def street_of(person: Person) -> OwnStreet:
    there = Membership.objects.filter(person=person, ended_at=None).select_related("household__address__street")
    membership = there.first()
    if membership is None or membership.household is None:
        return OwnStreet()
    street = membership.household.address.street
    part = StreetPart.objects.filter(street=street, neighbourhood=membership.neighbourhood_id).first()
    may_be_shown = part is not None and part.may_be_shown
    return OwnStreet(street, may_be_shown, membership.shown_street_id is not None)
