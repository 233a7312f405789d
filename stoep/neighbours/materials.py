"""What moderation is handed of a neighbour's page: a name and a place; there is nothing to hide of a person.

And of a group its name and what it is for. Taken out of sight, a number stands there, so that who is in it still finds
it and its keepers can find better words.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stoep.access.known import person_for
from stoep.moderation.materials import Found, Material, Piece
from stoep.neighbours.group_queries import groups_for, present
from stoep.neighbours.profile import shown_name
from stoep.people.changes import group_shown_anew
from stoep.people.models import Group, GroupMember, Membership, Person
from stoep.places.models import Neighbourhood


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


def _find_group(reader: Person, subject_id: UUID) -> Found | None:
    return _group(groups_for(reader).filter(pk=subject_id).first())


def _load_group(subject_id: UUID) -> Found | None:
    return _group(Group.objects.filter(pk=subject_id).first())


def _group(group: Group | None) -> Found | None:
    """Whoever keeps it longest answers for it; where nobody does, whoever is in it longest (`access/grouped.py`).

    No name stands there: a group is of several, and the reader may have blocked one.
    """
    if group is None:
        return None
    place = Neighbourhood.objects.get(pk=group.neighbourhood_id)
    inside = present(GroupMember.objects.filter(group=group, joined_at__isnull=False)).order_by("-is_keeper", "id")
    answering = inside.values_list("person", flat=True).first()
    link = reverse("group", args=[group.pk])
    return Found(place.municipality_id, place.pk, answering, group.name, group.about, "", link)


def _hide_group(subject_id: UUID, _by: Person, _now: datetime) -> bool:
    """Under a number that nobody could take before. Where its words are out of sight already, they stay so."""
    group = Group.objects.select_for_update().filter(pk=subject_id).first()
    if group is None or group.hidden_name:
        return False
    Group.objects.filter(pk=subject_id).update(
        name=f"# {secrets.token_hex(6)}", about="", hidden_name=group.name, hidden_about=group.about
    )
    group_shown_anew(group)
    return True


def _restore_group(subject_id: UUID, was_live: bool) -> None:
    """Unless its keepers chose other words meanwhile; without its name, where another group has that now."""
    group = Group.objects.select_for_update().filter(pk=subject_id).first()
    if group is None or not group.hidden_name or not was_live:
        return
    back = {"about": group.about or group.hidden_about, "hidden_name": "", "hidden_about": ""}
    try:
        with transaction.atomic():
            Group.objects.filter(pk=subject_id).update(name=group.hidden_name, **back)
    except IntegrityError:
        Group.objects.filter(pk=subject_id).update(**back)
    group_shown_anew(group)


GROUP = Material(
    kind="group",
    label=_("Group"),
    find=_find_group,
    load=_load_group,
    near=lambda _subject_id: (),
    show=_nothing,
    hide=_hide_group,
    restore=_restore_group,
)
