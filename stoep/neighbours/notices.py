"""What groups tell: somebody asks to join the one you keep; you are in."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from stoep.access.gate import may, who_may
from stoep.delivery.links import site_url
from stoep.delivery.models import Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.neighbours.profile import shown_name
from stoep.people.models import GroupMember, Person


def _row(told: Told) -> GroupMember | None:
    rows = GroupMember.objects.filter(pk=told.subject_id, group__closed_at=None)
    return rows.select_related("group__neighbourhood__municipality", "person").first()


def _keepers(told: Told) -> Iterable[Person]:
    row = _row(told)
    return who_may("neighbours:group:change", row.group) if row is not None and row.joined_at is None else []


def _question(told: Told, reader: Person) -> dict[str, Any] | None:
    row = _row(told)
    if row is None or row.joined_at is not None or row.person_id in reader.standing.apart:
        return None
    return _facts(row) | {"asker": shown_name(row.person, reader=reader).name}


def _member(told: Told) -> Iterable[Person]:
    return Person.objects.filter(group_memberships=told.subject_id, left_at=None)


def _welcome(told: Told, reader: Person) -> dict[str, Any] | None:
    row = _row(told)
    is_in = row is not None and row.joined_at is not None and may(reader, "neighbours:group:read", row.group)
    return _facts(row) if row is not None and is_in else None


def _facts(row: GroupMember) -> dict[str, Any]:
    link = site_url(row.group.neighbourhood.municipality, f"/groups/{row.group_id}/")
    return {"group": row.group, "thread_id": row.group_id, "link": link}


def _group(told: Told) -> UUID | None:
    return GroupMember.objects.filter(pk=told.subject_id).values_list("group", flat=True).first()


def _asked_rungs(_reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    rows = GroupMember.objects.filter(group__in=groups, joined_at=None, group__closed_at=None).select_related("group")
    return {
        row.group_id: Rung(str(_("Somebody asks to join")), row.group.name, f"/groups/{row.group_id}/", "users-three")
        for row in rows
    }


def _joined_rungs(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    rows = GroupMember.objects.filter(group__in=groups, person=reader, joined_at__isnull=False).select_related("group")
    return {
        row.group_id: Rung(str(_("You are in")), row.group.name, f"/groups/{row.group_id}/", "users-three")
        for row in rows
    }


NOTICES = (
    Notice(
        "neighbours.group_asked",
        _keepers,
        "neighbours/mail/group_asked",
        _question,
        stream=Stream.MINE,
        group=_group,
        describe=_asked_rungs,
        push=_("A neighbour asks to join your group."),
    ),
    Notice(
        "neighbours.group_joined",
        _member,
        "neighbours/mail/group_joined",
        _welcome,
        stream=Stream.MINE,
        group=_group,
        describe=_joined_rungs,
        push=_("You are in the group now."),
        repeats=True,
    ),
)
