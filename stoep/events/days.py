"""The days of an event: which there are, which one is shown, and how many come to it as one reader may know."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, DateTimeField, DurationField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from stoep.common.ids import new_id
from stoep.events.models import Attendance, Event, Occurrence
from stoep.events.recurring import days_of
from stoep.people.models import Person
from stoep.people.standing import Standing

# Made so far ahead: the agenda shows six weeks, and every night there is a new one.
MADE_AHEAD = timedelta(weeks=8)
# An event without an end is over after so long.
USUALLY_LASTS = timedelta(hours=3)

OVER_AT = Coalesce(
    F("starts_at") + (F("event__ends_at") - F("event__starts_at")),
    F("starts_at") + Value(USUALLY_LASTS, output_field=DurationField()),
    output_field=DateTimeField(),
)
COMES = Q(answer=Attendance.Answer.YES, waiting_since=None)


def is_over(day: Occurrence, now: datetime) -> bool:
    return (day.ends_at or day.starts_at + USUALLY_LASTS) <= now


def shown_days(post_ids: Collection[UUID], now: datetime) -> dict[UUID, Occurrence]:
    """Of each post the day that it is about now: the next one, else the last; a day that is called off stands back."""
    rank = Case(
        When(over_at__gt=now, cancelled_at=None, then=0),
        When(over_at__gt=now, then=1),
        default=2,
        output_field=IntegerField(),
    )
    found = Occurrence.objects.filter(event__post__in=post_ids).annotate(over_at=OVER_AT).annotate(rank=rank)
    nearest = Case(When(rank__lt=2, then=F("starts_at")), output_field=DateTimeField())
    ordered = found.order_by("event__post_id", "rank", nearest, "-starts_at").distinct("event__post_id")
    return {day.event.post_id: day for day in ordered.select_related("event__post")}


def upcoming(event: Event, now: datetime) -> "QuerySet[Occurrence]":
    """The days that did not begin yet, the next one first."""
    return Occurrence.objects.filter(event=event, starts_at__gt=now).order_by("starts_at", "id")


def wanted_days(event: Event, now: datetime) -> list[datetime]:
    """The moments at which it should take place from now on, as far ahead as rows are made."""
    zone = event.zone
    first, after = _local(event.starts_at, event), _local(now, event)
    before = max(first, after) + MADE_AHEAD
    return [day.replace(tzinfo=zone) for day in days_of(event.rule, first, after=after, before=before)]


def make_days(event: Event, now: datetime) -> None:
    """The rows that are missing. Run twice, it makes none twice."""
    rows = [Occurrence(id=new_id(), event=event, starts_at=day) for day in wanted_days(event, now)]
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True)


def move_days(event: Event, by: timedelta, now: datetime) -> None:
    """All that is still to come, by the clock on the wall. In an order in which no two meet at one moment."""
    # A day that was called off and that nobody waits for would only stand in the way.
    upcoming(event, now).filter(cancelled_at__isnull=False, attendances=None).delete()
    for day in upcoming(event, now).order_by("-starts_at" if by > timedelta(0) else "starts_at"):
        moved = (_local(day.starts_at, event) + by).replace(tzinfo=event.zone)
        if not Occurrence.objects.filter(event=event, starts_at=moved).exists():
            Occurrence.objects.filter(pk=day.pk).update(starts_at=moved, reminded_at=None)


def by_wall(event: Event, old: datetime, new: datetime) -> timedelta:
    """How far the hands of the clock moved."""
    return _local(new, event) - _local(old, event)


def coming_for(viewer: Standing, days: Iterable[Occurrence]) -> dict[UUID, int]:
    """How many come, as far as this reader may know of them."""
    counts = {day.pk: day.coming for day in days}
    if viewer.apart and counts:
        apart = Attendance.objects.filter(COMES, occurrence__in=counts, person__in=viewer.apart)
        for day_id, together in apart.values_list("occurrence", "together"):
            counts[day_id] = max(0, counts[day_id] - together)
    return counts


def answers_of(person: Person, days: Iterable[Occurrence]) -> dict[UUID, Attendance]:
    """What this person said to each."""
    found = Attendance.objects.filter(person=person, occurrence__in=[day.pk for day in days])
    return {each.occurrence_id: each for each in found}


def _local(at: datetime, event: Event) -> datetime:
    return at.astimezone(event.zone).replace(tzinfo=None)
