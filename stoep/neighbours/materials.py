"""What moderation is handed of a neighbour's page: a name and a place; there is nothing to hide of a person."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stoep.access.known import person_for
from stoep.moderation.materials import Found, Material, Piece
from stoep.neighbours.profile import shown_name
from stoep.people.models import Membership, Person


def _find(reader: Person, subject_id: UUID) -> Found | None:
    found = person_for(reader, subject_id)
    if found is None:
        return None
    shown = shown_name(found, reader=reader)
    return _found(found, name=shown.name, place=shown.place)


def _load(subject_id: UUID) -> Found | None:
    found = Person.objects.filter(pk=subject_id, kind=Person.Kind.NEIGHBOUR, left_at=None).first()
    return _found(found, name=found.name, place="") if found else None


def _found(person: Person, *, name: str, place: str) -> Found:
    """To the moderator the whole name: it may be what was reported. To the reporter what the person's page shows."""
    home = Membership.objects.filter(person=person, ended_at=None).values_list("neighbourhood", flat=True).first()
    return Found(person.municipality_id, home, person.pk, name, place, name, reverse("person", args=[person.pk]))


def _nothing(_reader: Person, _ids: Sequence[UUID]) -> list[Piece]:
    return []


PERSON = Material(
    kind="person", label=_("Neighbour"), find=_find, load=_load, near=lambda _subject_id: (), show=_nothing
)
