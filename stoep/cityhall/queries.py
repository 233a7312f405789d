"""Reads for the city's pages: whom an audience reaches, what was announced, who works here."""

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Greatest

from stoep.access.models import Audience
from stoep.access.small_numbers import Reach, people_figure
from stoep.cityhall.models import Announcement
from stoep.people.models import Department, Membership, Person, Role, RoleName
from stoep.places.models import Address, Municipality

# They work for the operator or an independent body, not for the city (docs/trust.md 2.1).
NOT_OF_CITY = (RoleName.MODERATOR, RoleName.OPERATOR)


def reach_of(audience: Audience) -> Reach:
    """Households (exact, the city's own register) and members (as published: docs/trust.md 3.2) of an audience."""
    homes = Q(pk__in=[])
    for atom in audience.atoms.all():
        homes |= _inside(audience, atom.neighbourhood_id, atom.street_id)
    boxes = Address.objects.filter(homes, retired_at=None, neighbourhood__isnull=False)
    households = boxes.aggregate(count=Sum(Greatest("households", 1)))["count"] or 0
    inside = Membership.objects.filter(person__in=audience.people(), ended_at=None)
    pairs = list(inside.values_list("person_id", "household__address_id"))
    return Reach(households=households, members=people_figure("cityhall.reach", pairs))


def announcements_of(municipality: Municipality) -> QuerySet[Announcement]:
    """Everything the city said, withdrawn ones too, newest first."""
    return (
        Announcement.objects.filter(department__municipality=municipality)
        .select_related("department", "post", "post__author")
        .prefetch_related("post__audience__atoms__neighbourhood", "post__audience__atoms__street")
        .order_by("-sent_at", "-id")
    )


def departments_for(person: Person) -> QuerySet[Department]:
    """In whose name this member of staff may write: the own department if the role is bound to one, else any."""
    living = Department.objects.filter(municipality=person.municipality, closed_at=None)
    bound = Role.objects.filter(person=person, ended_at=None, department__isnull=False).values("department")
    return living.filter(pk__in=bound) if bound.exists() else living


def departments_of(municipality: Municipality) -> QuerySet[Department]:
    return Department.objects.filter(municipality=municipality).order_by("closed_at", "name", "id")


def staff_roles(municipality: Municipality) -> QuerySet[Role]:
    """The tasks that staff of this city hold now."""
    return (
        Role.objects.filter(person__municipality=municipality, person__kind=Person.Kind.STAFF, ended_at=None)
        .exclude(role__in=NOT_OF_CITY)
        .select_related("person", "department")
        .order_by("person__name", "role", "id")
    )


def _inside(audience: Audience, neighbourhood_id: object, street_id: object) -> Q:
    condition = Q(municipality=audience.municipality_id)
    if neighbourhood_id:
        condition &= Q(neighbourhood=neighbourhood_id)
    if street_id:
        condition &= Q(street=street_id)
    return condition
