"""More neighbours for the cast's city: figures about people need people."""

from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Address, StreetPart


def part(cast: Cast, street: str, neighbourhood: str) -> StreetPart:
    return StreetPart.objects.get(street=cast.streets[street], neighbourhood=cast.neighbourhoods[neighbourhood])


def move_in(cast: Cast, street: str, neighbourhood: str, count: int) -> list[Person]:
    """So many people, each behind a door of their own that nobody had joined from."""
    place = cast.neighbourhoods[neighbourhood]
    doors = Address.objects.filter(street=cast.streets[street], neighbourhood=place, household=None).order_by("number")
    people = []
    for door in list(doors[:count]):
        person = Person(municipality=place.municipality, name=f"Buur Uit Nummer {door.number}", joined_at=JOINED_AT)
        person.set_email(f"{street}-{door.number}@buur.example".lower().replace(" ", "-"))
        person.email_confirmed_at = JOINED_AT
        person.save()
        household = Household.objects.create(address=door, created_at=JOINED_AT)
        Membership.objects.create(
            person=person,
            neighbourhood=place,
            household=household,
            proof=Membership.Proof.LETTER,
            started_at=JOINED_AT,
        )
        people.append(person)
    assert len(people) == count, "not enough free doors in this street"
    return people
