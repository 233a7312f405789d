"""Reads for the city's page of ambassadors, and for an ambassador's desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from stoep.ambassadors.models import AppointmentLink
from stoep.feed.models import Post
from stoep.feed.reading import posts_for
from stoep.moderation.queries import OpenCase, cases_to_look_at
from stoep.people.models import Membership, Person, Role, RoleName
from stoep.people.naming import ShownPerson, shown_to
from stoep.people.queries import listed_members
from stoep.places.models import Municipality, Neighbourhood

NEW_FOR, WAITING_AFTER, WAITING_FOR = timedelta(days=7), timedelta(hours=24), timedelta(days=14)
MOST_SHOWN = 5
REQUESTS = ("help_wanted", "borrow", "question")


@dataclass(frozen=True)
class Place:
    """A neighbourhood with who does the task there, and the links that wait."""

    neighbourhood: Neighbourhood
    ambassadors: list[Role]
    links: list[AppointmentLink]


@dataclass(frozen=True)
class Newcomer:
    person: Person
    shown: ShownPerson


@dataclass(frozen=True)
class Desk:
    """The three lines of the to-do list."""

    newcomers: list[Newcomer]
    waiting: list[Post]
    reports: list[OpenCase]


def places_of(municipality: Municipality, *, now: datetime) -> list[Place]:
    """Every neighbourhood of the city; of its people only those who took the task."""
    held = Role.objects.filter(role=RoleName.AMBASSADOR, ended_at=None, person__left_at=None)
    homes = dict(
        Membership.objects.filter(person__in=held.values("person"), ended_at=None).values_list(
            "person", "neighbourhood"
        )
    )
    roles = list(held.filter(person__municipality=municipality).select_related("person").order_by("person__name", "id"))
    links = [
        link for link in AppointmentLink.objects.filter(neighbourhood__municipality=municipality) if link.is_open(now)
    ]
    return [
        Place(
            neighbourhood=each,
            ambassadors=[role for role in roles if homes.get(role.person_id) == each.pk],
            links=[link for link in links if link.neighbourhood_id == each.pk],
        )
        for each in neighbourhoods_of(municipality)
    ]


def neighbourhoods_of(municipality: Municipality) -> QuerySet[Neighbourhood]:
    return Neighbourhood.objects.filter(municipality=municipality, retired_at=None).order_by("name", "id")


def desk_of(ambassador: Person, *, now: datetime) -> Desk:
    return Desk(_newcomers(ambassador, now), _waiting(ambassador, now), cases_to_look_at(ambassador)[:MOST_SHOWN])


def newcomer_for(ambassador: Person, person_id: UUID, *, now: datetime) -> Newcomer | None:
    """Somebody who is on this ambassador's list; None for everybody else."""
    home = _new_here(ambassador, now).filter(person=person_id).first()
    return Newcomer(home.person, _shown(ambassador, home)) if home else None


def _newcomers(ambassador: Person, now: datetime) -> list[Newcomer]:
    found = _new_here(ambassador, now).order_by("-started_at", "-id")
    return [Newcomer(each.person, _shown(ambassador, each)) for each in found[:MOST_SHOWN]]


def _new_here(ambassador: Person, now: datetime) -> QuerySet[Membership]:
    """Who came this week, as any neighbour finds them in the list of neighbours, and whom nobody welcomed yet."""
    here = ambassador.standing.neighbourhood_id
    if here is None:
        return Membership.objects.none()
    new = listed_members(here).filter(started_at__gte=now - NEW_FOR, welcome=None)
    others = new.exclude(person__in={ambassador.pk, *ambassador.standing.apart})
    return others.select_related("person", "neighbourhood", "shown_street")


def _shown(reader: Person, home: Membership) -> ShownPerson:
    facts: dict[str, Any] = {"neighbourhood_id": home.neighbourhood_id, "neighbourhood_name": home.neighbourhood.name}
    street = home.shown_street.name if home.shown_street else None
    return shown_to(reader.standing, name=home.person.name, street_name=street, **facts)


def _waiting(ambassador: Person, now: datetime) -> list[Post]:
    """What was asked more than a day ago and nobody answered."""
    open_ones = posts_for(ambassador).filter(kind__in=REQUESTS, comment_count=0, solution=None)
    between = open_ones.filter(created_at__lt=now - WAITING_AFTER, created_at__gte=now - WAITING_FOR)
    return list(between.exclude(author=ambassador).order_by("created_at", "id")[:MOST_SHOWN])
