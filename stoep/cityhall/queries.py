"""Reads for the city's pages: what was announced, in whose name somebody may speak, who works here."""

from django.db.models import QuerySet

from stoep.cityhall.models import Announcement
from stoep.people.models import Department, Person, Role, RoleName
from stoep.people.queries import departments_bound_to
from stoep.places.models import Municipality

# They work for the operator or an independent body, not for the city (docs/trust.md 2.1).
NOT_OF_CITY = (RoleName.MODERATOR, RoleName.OPERATOR)


def announcements_of(municipality: Municipality) -> QuerySet[Announcement]:
    """Everything the city said, withdrawn ones too, newest first."""
    return (
        Announcement.objects.filter(department__municipality=municipality)
        .select_related("department", "post", "post__author")
        .prefetch_related("post__audience__atoms__neighbourhood", "post__audience__atoms__street")
        .order_by("-sent_at", "-id")
    )


def departments_for(person: Person) -> QuerySet[Department]:
    """In whose name this member of staff may write: open departments of `departments_answered_for`."""
    return departments_answered_for(person).filter(closed_at=None)


def departments_answered_for(person: Person) -> QuerySet[Department]:
    """Whose messages are this person's to send and withdraw: an editor's own department if bound to one, else any.

    Closed departments are among them.
    """
    every = Department.objects.filter(municipality=person.municipality)
    bound = departments_bound_to(person)
    return every.filter(pk__in=bound) if bound else every


def departments_of(municipality: Municipality) -> QuerySet[Department]:
    return Department.objects.filter(municipality=municipality).order_by("closed_at", "name", "id")


def colleagues_of(person: Person) -> QuerySet[Person]:
    """Everybody else whom this city appointed to a task that they hold now."""
    everybody = Person.objects.filter(municipality=person.municipality, kind=Person.Kind.STAFF, left_at=None)
    return everybody.filter(pk__in=staff_roles(person.municipality).values("person")).exclude(pk=person.pk)


def staff_roles(municipality: Municipality) -> QuerySet[Role]:
    """The tasks that staff of this city hold now."""
    return (
        Role.objects.filter(person__municipality=municipality, person__kind=Person.Kind.STAFF, ended_at=None)
        .exclude(role__in=NOT_OF_CITY)
        .select_related("person", "department")
        .order_by("person__name", "role", "id")
    )
