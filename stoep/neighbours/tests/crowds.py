"""Many neighbours at once, for the pages that list them."""

from collections.abc import Iterable

from stoep.common import clock
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Address, Neighbourhood, Street


def settle(place: Neighbourhood, names: Iterable[str], *, street: Street | None = None) -> list[Person]:
    """Full neighbours; with a street, each behind a free door of it, and shown there."""
    doors = iter(Address.objects.filter(neighbourhood=place, street=street, household=None)) if street else iter(())
    made = []
    for name in names:
        person = Person.objects.create(municipality_id=place.municipality_id, name=name, joined_at=clock.now())
        door = next(doors, None)
        Membership.objects.create(
            person=person,
            neighbourhood=place,
            household=Household.objects.create(address=door, created_at=clock.now()) if door else None,
            shown_street=street if door else None,
            proof="letter",
            started_at=clock.now(),
        )
        made.append(person)
    return made
