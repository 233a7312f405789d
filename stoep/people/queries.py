"""Reads about people."""

from uuid import UUID

from stoep.people.models import Person
from stoep.people.standing import (
    PROVISIONAL_HORIZON,
    STANDING_COLUMNS,
    STANDING_TABLES,
    Standing,
    StandingRow,
    standing_from,
    standing_of,
)

__all__ = ["PROVISIONAL_HORIZON", "Standing", "person_with_standing", "standing_of"]

PERSON_SQL = f"SELECT p.*, {STANDING_COLUMNS} {STANDING_TABLES}"


def person_with_standing(person_id: UUID | str) -> Person | None:
    """Somebody who did not leave, with `standing` already read: what every page of a signed-in person starts with."""
    found = list(Person.objects.raw(PERSON_SQL, [person_id]))
    if not found:
        return None
    person = found[0]
    row = StandingRow(*(getattr(person, f"its_{name}") for name in StandingRow._fields))
    person.__dict__["standing"] = standing_from(person.pk, person.municipality_id, row)
    return person
