"""Reads about people."""

from collections.abc import Collection
from uuid import UUID

from stoep.people.models import Person
from stoep.people.standing import (
    ONE_PERSON,
    PROVISIONAL_HORIZON,
    STANDING_COLUMNS,
    STANDING_TABLES,
    Standing,
    StandingRow,
    standing_from,
    standing_of,
)

__all__ = ["PROVISIONAL_HORIZON", "Standing", "people_with_standing", "person_with_standing", "standing_of"]

PEOPLE_SQL = f"SELECT p.*, {STANDING_COLUMNS} {STANDING_TABLES}"
PERSON_SQL = f"{PEOPLE_SQL} {ONE_PERSON}"
MANY_SQL = f"{PEOPLE_SQL} WHERE p.id = ANY(%s) AND p.left_at IS NULL"


def person_with_standing(person_id: UUID | str) -> Person | None:
    """Somebody who did not leave, with `standing` already read: what every page of a signed-in person starts with."""
    found = list(Person.objects.raw(PERSON_SQL, [person_id]))
    return _read(found[0]) if found else None


def people_with_standing(person_ids: Collection[UUID]) -> list[Person]:
    """As `person_with_standing`, for many in one query, in no order."""
    return [_read(person) for person in Person.objects.raw(MANY_SQL, [list(person_ids)])]


def _read(person: Person) -> Person:
    row = StandingRow(*(getattr(person, f"its_{name}") for name in StandingRow._fields))
    person.__dict__["standing"] = standing_from(person.pk, person.municipality_id, row)
    return person
