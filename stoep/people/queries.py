"""Reads about people."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from stoep.people.models import Block, Membership, Mute, Person, Phone, Role, RoleName, Suspension
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

__all__ = [
    "PROVISIONAL_HORIZON",
    "Standing",
    "apart_from",
    "departments_bound_to",
    "listed_members",
    "may_be_written_first",
    "memberships_at",
    "muting",
    "number_of",
    "people_with_standing",
    "person_with_standing",
    "standing_of",
]

FIELDS = Person._meta.concrete_fields  # noqa: SLF001  Django's documented way to ask a model what it holds
NAMES = [field.attname for field in FIELDS]
COLUMNS = ", ".join(f'p."{field.column}"' for field in FIELDS)
PEOPLE_SQL = f"SELECT {COLUMNS}, {STANDING_COLUMNS} {STANDING_TABLES}"
PERSON_SQL = f"{PEOPLE_SQL} {ONE_PERSON}"
MANY_SQL = f"{PEOPLE_SQL} WHERE p.id = ANY(%s) AND p.left_at IS NULL"


def person_with_standing(person_id: UUID | str) -> Person | None:
    """Somebody who did not leave, with `standing` already read: what every page of a signed-in person starts with."""
    return next(iter(_asked(PERSON_SQL, person_id)), None)


def people_with_standing(person_ids: Collection[UUID]) -> list[Person]:
    """As `person_with_standing`, for many in one query, in no order."""
    return _asked(MANY_SQL, list(person_ids))


def departments_bound_to(person: Person) -> set[UUID]:
    """The departments in whose name alone this editor speaks; empty for one who is bound to none.

    A binding of another task binds no editor, and the administrator speaks for all.
    """
    if RoleName.CITY_ADMIN in person.standing.roles:
        return set()
    roles = Role.objects.filter(person=person, role=RoleName.EDITOR, ended_at=None, department__isnull=False)
    return set(roles.values_list("department_id", flat=True))


def number_of(person: Person) -> str:
    """Where somebody is reached by text; empty where they gave no number, or have not said yet that it is theirs."""
    phone = Phone.objects.filter(person=person, purpose=Phone.Purpose.REACH, confirmed_at__isnull=False).first()
    return phone.number if phone is not None else ""


def memberships_at(municipality_id: UUID, moment: datetime) -> QuerySet[Membership]:
    """Who was a member just before this moment, and where; asked of a week that closed, the answer stays the same."""
    there = Membership.objects.filter(Q(ended_at=None) | Q(ended_at__gte=moment), started_at__lt=moment)
    return there.filter(neighbourhood__municipality=municipality_id)


def listed_members(neighbourhood_id: UUID) -> QuerySet[Membership]:
    """Whom neighbours find there when they look: full members who are here, not paused, not protected."""
    paused = Suspension.objects.filter(ended_at=None).values("person")
    here = Membership.objects.filter(neighbourhood=neighbourhood_id, ended_at=None, person__left_at=None)
    return here.filter(standing=Membership.Standing.FULL, person__protected_at=None).exclude(person__in=paused)


def may_be_written_first(person: Person) -> bool:
    """Whether somebody to whom this person never wrote may write to them (docs/trust.md 1.4)."""
    return not person.is_protected


def apart_from(person_ids: Collection[UUID]) -> QuerySet[Person]:
    """Everybody who stands apart from one of these by a block: as `Standing.apart`, asked from the other side."""
    condition = Q(pk__in=[])
    for person_id in person_ids:
        condition |= _apart_from_one(person_id)
    return Person.objects.filter(condition)


def _apart_from_one(person_id: UUID) -> Q:
    """By a block of them, by one of theirs, or by one of either that holds for a whole letterbox."""
    members = Membership.objects.filter(ended_at=None)
    mine, of_me = Block.objects.filter(person=person_id), Block.objects.filter(blocked=person_id)
    home = members.filter(person=person_id).exclude(household=None).values("household")
    there = members.filter(household__in=mine.exclude(household=None).values("household")).values("person")
    of_my_home = Block.objects.filter(household__in=home).values("person")
    behind_letterboxes = (Q(pk__in=there) | Q(pk__in=of_my_home)) & ~Q(pk=person_id)
    return Q(pk__in=mine.values("blocked")) | Q(pk__in=of_me.values("person")) | behind_letterboxes


def muting(person_id: UUID) -> QuerySet[Person]:
    """Who wants to see less of this person; as `Standing.muted`, asked from the other side."""
    return Person.objects.filter(pk__in=Mute.objects.filter(muted=person_id).values("person"))


def _asked(statement: str, whom: Any) -> list[Person]:
    """By a cursor: `Person.objects.raw` takes three times as long, on every page."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [whom])
        return [_read(row) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> Person:
    person = Person.from_db(connection.alias, NAMES, [_of_field(*each) for each in zip(FIELDS, row, strict=False)])
    person.__dict__["standing"] = standing_from(person.pk, person.municipality_id, StandingRow(*row[len(FIELDS) :]))
    return person


def _of_field(field: Any, value: Any) -> Any:
    """The e-mail address is sealed in the database."""
    return field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
