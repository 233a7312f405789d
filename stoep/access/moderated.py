"""Scopes of moderation: what a grant opens, the cases of a moderator and of an ambassador, the two sides."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from stoep.access.models import OF_THE_CITY, Grant, moderates
from stoep.access.scopes import municipality_id_of, people_of_municipality
from stoep.people.models import Membership, Person, Role
from stoep.people.queries import Standing


@dataclass(frozen=True)
class Granted:
    """A reported thing and what lies beside it, while the case is open."""

    sign: str = "r"

    def holds(self, standing: Standing, subject: Any) -> bool:
        kind = type(subject).__name__.lower()
        return Grant.objects.open_to(standing, kind).filter(subject_id=subject.pk).exists()

    def people(self, subject: Any) -> QuerySet[Person]:
        kind = type(subject).__name__.lower()
        granted = Grant.objects.filter(subject_kind=kind, subject_id=subject.pk, ended_at=None)
        return _outside_the_city(Person.objects.filter(municipality__in=granted.values("municipality"), left_at=None))


@dataclass(frozen=True)
class Moderated:
    """A case of the own municipality, for who does not work for that city."""

    sign: str = "r"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return moderates(standing) and standing.municipality_id == municipality_id_of(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return _outside_the_city(people_of_municipality(subject))


def _outside_the_city(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.exclude(pk__in=Role.objects.filter(role__in=OF_THE_CITY, ended_at=None).values("person"))


@dataclass(frozen=True)
class CaseNextDoor:
    """A case about something of the own neighbourhood that one did not write oneself."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        place = getattr(subject, "neighbourhood_id", None)
        return place is not None and place == standing.neighbourhood_id and _author(subject) != standing.person_id

    def people(self, subject: Any) -> QuerySet[Person]:
        place = getattr(subject, "neighbourhood_id", None)
        if place is None:
            return Person.objects.none()
        inside = Membership.objects.filter(neighbourhood=place, ended_at=None).values("person")
        return Person.objects.filter(pk__in=inside, left_at=None).exclude(pk=_author(subject))


def _author(subject: Any) -> Any:
    return getattr(subject, "author_id", None)


@dataclass(frozen=True)
class Concerned:
    """One of the sides of a decision (`concerned`): whoever wrote it, whoever reported it."""

    sign: str = "o"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.person_id in getattr(subject, "concerned", ())

    def people(self, subject: Any) -> QuerySet[Person]:
        return Person.objects.filter(pk__in=getattr(subject, "concerned", ()))
