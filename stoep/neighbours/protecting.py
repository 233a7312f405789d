"""Not to be found: a name of one's own choice everywhere, no street, in no list. No reason is asked, nobody is told.

The chosen name takes the place of the own one in the person's row, so that no page, mail or search can show the own.
"""

from datetime import datetime

from django.db import transaction

from stoep.access.gate import require
from stoep.access.limits import hit
from stoep.neighbours.actions import CHANGES_OF_NAME, TooManyNames
from stoep.neighbours.photos import remove_profile_photo
from stoep.people.changes import shown_anew
from stoep.people.models import Membership, Person
from stoep.people.real_names import checked_name


class OwnNameGiven(Exception):
    """A name in which the own one can be read protects nobody."""


def protect(*, person: Person, name: str, now: datetime) -> None:
    """From now on, or under another chosen name. Raises NameRefused, OwnNameGiven and TooManyNames."""
    require(person, "neighbours:person:change", person, now=now)
    name = checked_name(name, person.municipality)
    if _tells(name, person.own_name or person.name):
        raise OwnNameGiven
    if not hit(CHANGES_OF_NAME, str(person.pk), now=now):
        raise TooManyNames
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        Person.objects.filter(pk=person.pk).update(
            name=name, own_name=current.own_name or current.name, protected_at=current.protected_at or now
        )
        # Where they lived before too: beside an old message it would tell who the chosen name is.
        Membership.objects.filter(person=person).update(shown_street=None)
        if not current.is_protected:
            remove_profile_photo(person=person, now=now)
        shown_anew(person)


@transaction.atomic
def stop_protecting(*, person: Person, now: datetime) -> None:
    """Under the own name again. The street stays hidden until they show it."""
    require(person, "neighbours:person:change", person, now=now)
    current = Person.objects.select_for_update().get(pk=person.pk)
    if current.is_protected:
        Person.objects.filter(pk=person.pk).update(name=current.own_name, own_name="", protected_at=None)
        shown_anew(person)


def _tells(name: str, own: str) -> bool:
    """Whether a last name is in it: every word after the first."""
    return not set(name.casefold().split()).isdisjoint(own.casefold().split()[1:])
