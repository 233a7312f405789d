"""Reads of groups: those of the own neighbourhood, and who is in one, as the reader may see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from stoep.access.gate import may
from stoep.media.queries import shown_people
from stoep.people.models import Group, GroupMember, Person
from stoep.people.naming import ShownPerson

MOST_SHOWN = 200


@dataclass(frozen=True)
class GroupRow:
    """`count`: who is in it, as far as the reader may know. `is_mine`: in it; `is_asked`: waits for a yes."""

    group: Group
    count: int
    is_mine: bool
    is_asked: bool


@dataclass(frozen=True)
class InIt:
    row: GroupMember
    shown: ShownPerson


@dataclass(frozen=True)
class GroupPage:
    """`members` and `asking` are empty for who may not see them."""

    row: GroupRow
    members: list[InIt]
    asking: list[InIt]


def groups_for(person: Person) -> QuerySet[Group]:
    """The groups that exist for this person: those of their neighbourhood; a closed one only for who was in it."""
    standing = person.standing
    if not standing.is_member or standing.is_provisional:
        return Group.objects.none()
    return Group.objects.filter(Q(closed_at=None) | Q(pk__in=standing.groups), neighbourhood=standing.neighbourhood_id)


def group_rows(person: Person) -> list[GroupRow]:
    """Mine first, then by name: two statements, however many groups there are."""
    here = _here(person)
    found = groups_for(person).annotate(count=Count("members", filter=Q(members__in=here))).order_by("name", "id")
    asked = set(GroupMember.objects.filter(person=person, joined_at=None).values_list("group", flat=True))
    rows = [_row(person, group, group.count, asked) for group in found[:MOST_SHOWN]]
    return sorted(rows, key=lambda row: not row.is_mine)


def group_page(person: Person, group: Group) -> GroupPage:
    asked = set(GroupMember.objects.filter(person=person, joined_at=None).values_list("group", flat=True))
    inside = list(_here(person).filter(group=group).order_by("person__name", "id"))
    row = _row(person, group, len(inside), asked)
    waiting = _present(person).filter(group=group, joined_at=None).order_by("asked_at", "id")
    asking = list(waiting) if may(person, "neighbours:group:change", group) else []
    shown = shown_people([each.person for each in [*inside, *asking]], reader=person)
    return GroupPage(
        row,
        [InIt(each, shown[each.person_id]) for each in inside if row.is_mine],
        [InIt(each, shown[each.person_id]) for each in asking],
    )


def _row(person: Person, group: Group, count: int, asked: set[UUID]) -> GroupRow:
    return GroupRow(group, count, group.pk in person.standing.groups, group.pk in asked)


def present(rows: QuerySet[GroupMember]) -> QuerySet[GroupMember]:
    """Of these the rows of who still lives there."""
    return rows.filter(
        person__left_at=None,
        person__memberships__ended_at=None,
        person__memberships__neighbourhood=F("group__neighbourhood"),
    )


def _present(person: Person) -> QuerySet[GroupMember]:
    """Rows of who still lives there and is not apart from the reader."""
    rows = present(GroupMember.objects.select_related("person"))
    return rows.exclude(person__in=person.standing.apart)


def _here(person: Person) -> QuerySet[GroupMember]:
    return _present(person).filter(joined_at__isnull=False)
