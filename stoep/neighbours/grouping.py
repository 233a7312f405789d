"""Groups of neighbours: make one, join and leave, let others in. What they write to each other is the feed's."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from stoep.access.gate import require
from stoep.access.once import once
from stoep.common.text import clean_name, clean_text, contains_national_number
from stoep.delivery.outbox import tell
from stoep.people.changes import group_shown_anew
from stoep.people.groups import GROUP_ABOUT_LENGTH, GROUP_NAME_LENGTH
from stoep.people.models import Group, GroupMember, Person

# Nobody needs more doors than this to keep; it also bounds what one person can fill a list with.
MOST_GROUPS_KEPT = 10


class GroupRefused(ValueError):
    """Why a group cannot be made or changed: `name`, `too_long`, `taken`, `national_number` or `many`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def make_group(*, person: Person, name: str, about: str, is_open: bool, request_key: UUID, now: datetime) -> Group:
    """A group of the own neighbourhood, kept by who makes it; once per `request_key`. Raises GroupRefused."""
    require(person, "neighbours:group:create", person, now=now)
    name, about = _words(name, about)

    def write() -> UUID:
        place = person.standing.neighbourhood_id
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if GroupMember.objects.filter(person=person, is_keeper=True, group__closed_at=None).count() >= MOST_GROUPS_KEPT:
            raise GroupRefused("many")
        assert place is not None  # noqa: S101  only a neighbour may, and lives somewhere
        made = Group(neighbourhood_id=place, name=name, about=about, is_open=is_open, created_by=person, created_at=now)
        Group.objects.bulk_create([made], ignore_conflicts=True)
        if not Group.objects.filter(pk=made.pk).exists():
            raise GroupRefused("taken")
        GroupMember.objects.create(group=made, person=person, is_keeper=True, asked_at=now, joined_at=now)
        return UUID(str(made.pk))

    group_id, _is_new = once(person=person, action="neighbours:group:create", key=request_key, now=now, write=write)
    return Group.objects.get(pk=group_id)


@transaction.atomic
def change_group(*, person: Person, group: Group, name: str, about: str, is_open: bool, now: datetime) -> None:
    """Raises GroupRefused."""
    require(person, "neighbours:group:change", group, now=now)
    name, about = _words(name, about)
    try:
        with transaction.atomic():
            Group.objects.filter(pk=group.pk).update(name=name, about=about, is_open=is_open, **_no_longer(group, name))
    except IntegrityError as error:  # the database alone knows which names are one
        raise GroupRefused("taken") from error
    group_shown_anew(group)


def _no_longer(group: Group, name: str) -> dict[str, str]:
    """With another name, what a moderator took out of sight is over: the new words are judged anew."""
    return {} if name == group.name else {"hidden_name": "", "hidden_about": ""}


@transaction.atomic
def close_group(*, person: Person, group: Group, now: datetime) -> None:
    """It takes nobody any more and stands in no list. What was written stays for who was in it."""
    require(person, "neighbours:group:change", group, now=now)
    Group.objects.filter(pk=group.pk, closed_at=None).update(closed_at=now)


@transaction.atomic
def join_group(*, person: Person, group: Group, now: datetime) -> bool:
    """In at once where it is open; else its keepers are asked. Answers whether one is in."""
    require(person, "neighbours:group:join", group, now=now)
    row = GroupMember(group=group, person=person, asked_at=now, joined_at=now if group.is_open else None)
    GroupMember.objects.bulk_create([row], ignore_conflicts=True)
    if group.is_open:
        GroupMember.objects.filter(group=group, person=person, joined_at=None).update(joined_at=now)
    elif GroupMember.objects.filter(pk=row.pk).exists():
        tell(
            "neighbours.group_asked",
            municipality_id=person.municipality_id,
            subject_id=UUID(str(row.pk)),
            actor=person,
            now=now,
        )
    return group.is_open


@transaction.atomic
def leave_group(*, person: Person, group: Group, now: datetime) -> None:
    """Out at once; a question that was not answered yet goes too."""
    require(person, "neighbours:group:leave", group, now=now)
    GroupMember.objects.filter(group=group, person=person).delete()


@transaction.atomic
def admit(*, person: Person, group: Group, member_id: UUID, now: datetime) -> None:
    """A keeper says yes; said twice, it is told once."""
    require(person, "neighbours:group:change", group, now=now)
    if GroupMember.objects.filter(pk=member_id, group=group, joined_at=None).update(joined_at=now):
        tell(
            "neighbours.group_joined",
            municipality_id=person.municipality_id,
            subject_id=member_id,
            actor=person,
            now=now,
        )


@transaction.atomic
def put_out(*, person: Person, group: Group, member_id: UUID, now: datetime) -> None:
    """A keeper says no, or ends somebody's part in it. Nobody is told; they may ask again."""
    require(person, "neighbours:group:change", group, now=now)
    GroupMember.objects.filter(pk=member_id, group=group).exclude(person=person).delete()


def _words(name: str, about: str) -> tuple[str, str]:
    name, about = clean_name(name), clean_text(about)
    if not name:
        raise GroupRefused("name")
    if len(name) > GROUP_NAME_LENGTH or len(about) > GROUP_ABOUT_LENGTH:  # cleaning makes some scripts longer
        raise GroupRefused("too_long")
    if contains_national_number(f"{name}\n{about}"):
        raise GroupRefused("national_number")
    return name, about
