"""What leaving hides of a person's own place here, and what is undone when they come back; no rules, no doors.

`stoep/privacy` calls these through the declarations of `personal_data.py`.
"""

from datetime import datetime

from django.db.models import F

from stoep.people.models import Household, Membership, Person, Role, RoleName
from stoep.places.models import Neighbourhood


def end_membership(person: Person, now: datetime) -> None:
    for membership in Membership.objects.filter(person=person, ended_at=None):
        Membership.objects.filter(pk=membership.pk).update(ended_at=now)
        _count(membership, -1)


def resume_membership(person: Person, left_at: datetime) -> None:
    for membership in Membership.objects.filter(person=person, ended_at=left_at):
        Membership.objects.filter(pk=membership.pk).update(ended_at=None)
        _count(membership, 1)


def end_tasks(person: Person, now: datetime) -> None:
    Role.objects.filter(person=person, ended_at=None).update(ended_at=now)


def resume_tasks(person: Person, left_at: datetime) -> None:
    """A neighbour's task goes on. Staff come back without theirs: the city decides anew who works for it."""
    Role.objects.filter(person=person, role=RoleName.AMBASSADOR, ended_at=left_at).update(ended_at=None)


def forget_empty_households(_person: Person, _now: datetime) -> None:
    """A household that nobody belongs to would go on saying that somebody once joined there."""
    Household.objects.filter(memberships=None).delete()


def erase_person(person: Person, _now: datetime) -> None:
    """The last step: by now no row refers to this one any more."""
    Person.objects.filter(pk=person.pk).delete()


def _count(membership: Membership, difference: int) -> None:
    there = Neighbourhood.objects.filter(pk=membership.neighbourhood_id)
    there.update(member_count=F("member_count") + difference)
