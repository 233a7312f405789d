"""The bell: a line for everybody whom something concerns, made once, and a counter that is kept and never counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from stoep.access.gate import require
from stoep.delivery.models import Notification, OutboxEntry
from stoep.delivery.notices import Notice, Rung, Told, notice_named
from stoep.people.models import Person

# So many lines are looked at; the page shows the groups that they make.
MOST_LINES = 200


def ring_bells(entry: OutboxEntry, notice: Notice, told: Told, people: Iterable[Person]) -> int:
    """In the transaction that handles the entry. Run twice, it rings once. Answers for how many.

    What `repeats` has one line behind the bell, that of the last time.
    """
    rings = notice.group is not None and notice.describe is not None
    group_id = notice.group(told) if rings and notice.group else None
    if group_id is None:
        return 0
    here = {person.pk for person in people if person.left_at is None}
    if notice.repeats:  # whoever reads at this moment reads before or after, and two that ring ring in turn
        list(
            Person.objects.filter(pk__in=here)
            .select_for_update(no_key=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    known = Notification.objects.filter(notice=notice.name, subject_id=told.subject_id, person__in=here)
    if notice.repeats:
        _ring_again(known, told)
    # In the order of their ids, so that two workers do not lock each other out; and who writes meanwhile goes on.
    new = Person.objects.filter(pk__in=here - set(known.values_list("person_id", flat=True)))
    ids = list(new.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Notification.objects.bulk_create(
        Notification(
            person_id=person_id,
            notice=notice.name,
            subject_id=told.subject_id,
            group_id=group_id,
            actor_id=entry.actor_id,
            happened_at=told.told_at,
        )
        for person_id in ids
    )
    Person.objects.filter(pk__in=ids).update(unread_count=F("unread_count") + 1)
    return len(ids)


def _ring_again(known: "QuerySet[Notification]", told: Told) -> None:
    """New once more for those who had read of the time before; their rows are locked."""
    earlier = known.filter(happened_at__lt=told.told_at)
    read = list(earlier.exclude(read_at=None).values_list("person_id", flat=True))
    Person.objects.filter(pk__in=read).update(unread_count=F("unread_count") + 1)
    earlier.update(happened_at=told.told_at, actor_id=told.actor_id, read_at=None)


@dataclass(frozen=True)
class BellLine:
    """One group as its reader sees it: `text` says what happened, `title` about what."""

    text: str
    title: str
    link: str
    icon: str
    happened_at: datetime
    is_new: bool


@dataclass
class _Group:
    notice: str
    group_id: UUID
    happened_at: datetime
    is_new: bool = False
    subject_ids: list[UUID] = field(default_factory=list)


def bell_lines(person: Person) -> list[BellLine]:
    """Newest first, one for each post and kind of thing. What its reader may not see any more is left out."""
    groups = _groups(Notification.objects.filter(person=person).order_by("-happened_at", "-id")[:MOST_LINES])
    words = _words(person, groups)
    return [
        BellLine(found.text, found.title, found.link, found.icon, group.happened_at, group.is_new)
        for group in groups
        if (found := words.get((group.notice, group.group_id))) is not None
    ]


def _groups(rows: Iterable[Notification]) -> list[_Group]:
    groups: dict[tuple[str, UUID], _Group] = {}
    for row in rows:
        key = (row.notice, row.group_id)
        group = groups.setdefault(key, _Group(row.notice, row.group_id, row.happened_at))
        group.subject_ids.append(row.subject_id)
        group.is_new = group.is_new or row.read_at is None
    return list(groups.values())


def _words(person: Person, groups: Sequence[_Group]) -> dict[tuple[str, UUID], Rung]:
    """Each notice is asked once for all of its groups."""
    found: dict[tuple[str, UUID], Rung] = {}
    for name in dict.fromkeys(group.notice for group in groups):
        notice = notice_named(name)
        if notice is None or notice.describe is None:
            continue
        asked = {group.group_id: group.subject_ids for group in groups if group.notice == name}
        for group_id, rung in notice.describe(person, asked).items():
            found[name, group_id] = rung
    return found


@transaction.atomic
def read_all(*, person: Person, now: datetime) -> None:
    """The bell is still again."""
    require(person, "delivery:mail:choose", person, now=now)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    Notification.objects.filter(person=person, read_at=None).update(read_at=now)
    Person.objects.filter(pk=person.pk).update(unread_count=0)


def read_about(person: Person, group_id: UUID, *, now: datetime) -> None:
    """Whoever opens a post has read what the bell said of it. Costs nothing where the bell is still."""
    if not person.unread_count:
        return
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        read = Notification.objects.filter(person=person, group_id=group_id, read_at=None).update(read_at=now)
        left = Greatest(F("unread_count") - read, 0)
        Person.objects.filter(pk=person.pk).update(unread_count=left)
        person.unread_count = max(person.unread_count - read, 0)
