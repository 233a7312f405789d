"""What neighbours and staff change about themselves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from stoep.access.gate import require
from stoep.access.limits import Limit, hit
from stoep.neighbours.queries import street_of
from stoep.people.changes import shown_anew
from stoep.people.models import Membership, Person
from stoep.people.real_names import checked_name

LOOKS = set(Person.Look)
TEXT_SIZES = set(Person.TextSize)
# Neighbours must go on knowing who somebody is.
CHANGES_OF_NAME = Limit("changes of name of a person", 3, timedelta(days=30))


class TooManyNames(Exception):
    """The name was changed too often lately."""


class NoStreetToShow(Exception):
    """The street is too short to hide in, or none is known."""


def choose_preferences(*, person: Person, wishes: dict[str, str], now: datetime) -> None:
    """Keep language, look or text size: those that are named; what we do not know stays as it was."""
    require(person, "neighbours:person:change", person, now=now)
    if wishes:
        Person.objects.filter(pk=person.pk).update(**wishes)


def change_name(*, person: Person, name: str, now: datetime) -> None:
    """By the rules of joining. Raises NameRefused and TooManyNames.

    Of who is protected it is the own name, as at the desk, which knows of no other; the chosen one stays in its place.
    """
    require(person, "neighbours:person:change", person, now=now)
    name = checked_name(name, person.municipality)
    if name in {person.name, person.own_name}:
        return
    if not hit(CHANGES_OF_NAME, str(person.pk), now=now):
        raise TooManyNames
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**{"own_name" if person.is_protected else "name": name})
        shown_anew(person)


@transaction.atomic
def show_street(*, person: Person, is_shown: bool, now: datetime) -> None:
    """Neighbours see the street beside the name, or the neighbourhood instead. Raises NoStreetToShow.

    Who is protected shows none.
    """
    require(person, "neighbours:person:change", person, now=now)
    street = street_of(person)
    if is_shown and (person.is_protected or not street.may_be_shown):
        raise NoStreetToShow
    shown = street.street if is_shown else None
    Membership.objects.filter(person=person, ended_at=None).update(shown_street=shown)
    shown_anew(person)


def sign_out_everywhere(*, person: Person, now: datetime) -> None:
    """Every session of this person ends at once, the one that asks too."""
    require(person, "neighbours:person:change", person, now=now)
    Person.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)
