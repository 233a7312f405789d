"""Scopes of groups inside a neighbourhood: who may find one, who is in it, who keeps its door."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from stoep.people.models import Group, GroupMember, Membership, Person
from stoep.people.queries import Standing


@dataclass(frozen=True)
class GroupHere:
    """A group of the own neighbourhood."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return isinstance(subject, Group) and subject.neighbourhood_id == standing.neighbourhood_id

    def people(self, subject: Any) -> QuerySet[Person]:
        if not isinstance(subject, Group):
            return Person.objects.none()
        inside = Membership.objects.filter(neighbourhood=subject.neighbourhood_id, ended_at=None)
        return Person.objects.filter(pk__in=inside.values("person"), left_at=None)


@dataclass(frozen=True)
class InGroup:
    """A group one is in, or asks to be in, and in whose neighbourhood one lives."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return GroupHere().holds(standing, subject) and _rows(subject).filter(person=standing.person_id).exists()

    def people(self, subject: Any) -> QuerySet[Person]:
        return GroupHere().people(subject).filter(pk__in=_rows(subject).values("person"))


@dataclass(frozen=True)
class KeeperOf:
    """Who keeps a group. When its last keeper went, everybody in it does, so that no door stays shut."""

    sign: str = "o"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return self.people(subject).filter(pk=standing.person_id).exists()

    def people(self, subject: Any) -> QuerySet[Person]:
        here = GroupHere().people(subject)
        keepers = here.filter(pk__in=_rows(subject).filter(is_keeper=True).values("person"))
        if keepers.exists():
            return keepers
        return here.filter(pk__in=_rows(subject).filter(joined_at__isnull=False).values("person"))


def _rows(subject: Any) -> QuerySet[GroupMember]:
    return GroupMember.objects.filter(group=subject) if isinstance(subject, Group) else GroupMember.objects.none()
