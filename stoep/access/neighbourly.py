"""Scopes between one neighbour and another: who may look at whom, keep away from whom, and say what to whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from stoep.access.scopes import people_of_municipality
from stoep.people.models import Membership, Person
from stoep.people.queries import Standing, apart_from


@dataclass(frozen=True)
class OtherNeighbour:
    """Another neighbour of the own municipality, wherever they live in it."""

    sign: str = "m"

    def holds(self, standing: Standing, subject: Any) -> bool:
        is_one = isinstance(subject, Person) and not subject.is_staff_member and subject.left_at is None
        return is_one and subject.municipality_id == standing.municipality_id and subject.pk != standing.person_id

    def people(self, subject: Any) -> QuerySet[Person]:
        if not isinstance(subject, Person) or subject.is_staff_member or subject.left_at is not None:
            return Person.objects.none()
        return people_of_municipality(subject).exclude(pk=subject.pk)


@dataclass(frozen=True)
class NotApart:
    """As `OtherNeighbour`, unless a block stands between."""

    sign: str = "m"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return OtherNeighbour().holds(standing, subject) and subject.pk not in standing.apart

    def people(self, subject: Any) -> QuerySet[Person]:
        others = OtherNeighbour().people(subject)
        return others.exclude(pk__in=apart_from([subject.pk]).values("pk")) if isinstance(subject, Person) else others


@dataclass(frozen=True)
class MyInviter:
    """The neighbour who invited me: all that a provisional member knows of the others."""

    sign: str = "i"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return NotApart().holds(standing, subject) and subject.pk == standing.inviter_id

    def people(self, subject: Any) -> QuerySet[Person]:
        invited = Membership.objects.filter(invited_by=getattr(subject, "pk", None), ended_at=None)
        return NotApart().people(subject).filter(pk__in=invited.values("person"))


@dataclass(frozen=True)
class TakesPart:
    """Whoever takes part in a conversation (`taking_part`), unless a block stands between them and `between`."""

    sign: str = "p"

    def holds(self, standing: Standing, subject: Any) -> bool:
        is_one = standing.person_id in getattr(subject, "taking_part", ())
        return is_one and standing.apart.isdisjoint(subject.between)

    def people(self, subject: Any) -> QuerySet[Person]:
        inside = Person.objects.filter(pk__in=getattr(subject, "taking_part", ()), left_at=None)
        return inside.exclude(pk__in=apart_from(getattr(subject, "between", ())).values("pk"))


@dataclass(frozen=True)
class SameNeighbourhood:
    """Who lives in my neighbourhood, myself too, unless a block stands between."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        if not isinstance(subject, Person) or subject.pk in standing.apart:
            return False
        return _homes_of(subject).filter(neighbourhood=standing.neighbourhood_id).exists()

    def people(self, subject: Any) -> QuerySet[Person]:
        if not isinstance(subject, Person):
            return Person.objects.none()
        homes = _homes_of(subject).values("neighbourhood")
        inside = Membership.objects.filter(neighbourhood__in=homes, ended_at=None).values("person")
        return (
            people_of_municipality(subject).filter(pk__in=inside).exclude(pk__in=apart_from([subject.pk]).values("pk"))
        )


def _homes_of(person: Person) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person, ended_at=None, person__left_at=None)
