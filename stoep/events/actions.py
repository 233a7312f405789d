"""What one does with an event: come or not, more about it, call it off, say afterwards that they met."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max

from stoep.access.gate import may, require
from stoep.common.text import checked
from stoep.delivery.outbox import ring
from stoep.events.days import is_over, upcoming
from stoep.events.meeting import meeting_of
from stoep.events.models import (
    BRINGS_LENGTH,
    COST_LENGTH,
    REASON_LENGTH,
    WANTED_LENGTH,
    Attendance,
    Event,
    Meeting,
    Occurrence,
)
from stoep.events.planning import call_off, repeat
from stoep.events.recurring import Repeats, repeats_of, until_of
from stoep.events.resting import rests
from stoep.events.seats import count, fits, locked, move_up, move_up_everywhere
from stoep.feed.actions import touch
from stoep.feed.models import Post
from stoep.people.models import Person

DAY = timedelta(days=1)


class EventRefused(ValueError):
    """Why it cannot be: `over`, `cancelled`, `full`, `seats` (`number` come already), `until` or `not_there`.

    In crisis mode `rests` and `meeting_rests`.
    """

    def __init__(self, reason: str, number: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.number = reason, number


@dataclass(frozen=True)
class Reply:
    """Somebody's answer to one day. `together`: how many they are; `brings`: what they bring along."""

    answer: str
    together: int = 1
    brings: str = ""


@dataclass(frozen=True)
class Details:
    """What the composer does not ask. `ends`: a time, on the next day if it is earlier than the start."""

    ends: time | None = None
    seats: int | None = None
    cost: str = ""
    wanted: str = ""
    repeats: Repeats = Repeats.NEVER
    until: date | None = None


@transaction.atomic
def answer_event(*, person: Person, day: Occurrence, reply: Reply, now: datetime) -> Attendance:
    """Come, perhaps, or not. Where there is no seat left, on the waiting list. Raises EventRefused, TextRefused."""
    require(person, "events:event:attend", day.event.post, now=now)
    brings = checked(reply.brings, most=BRINGS_LENGTH, may_be_empty=True)
    day = locked(day)
    _require_open(day, now)
    if reply.answer != Attendance.Answer.NO and rests(person, day.event):
        raise EventRefused("rests")
    known = Attendance.objects.filter(occurrence=day, person=person).first()
    before = known.together if known and _has_seat(known) else 0
    comes = reply.answer == Attendance.Answer.YES
    has_room = fits(day, reply.together - before)
    if comes and before and not has_room:
        raise EventRefused("full")
    waits = comes and not has_room
    attendance, _is_new = Attendance.objects.update_or_create(
        occurrence=day,
        person=person,
        defaults={
            "answer": reply.answer,
            "together": reply.together,
            "brings": brings if comes else "",
            "waiting_since": (known.waiting_since if known else None) or now if waits else None,
            "answered_at": now,
        },
    )
    after = reply.together if comes and not waits else 0
    count(day, after - before)
    if after < before:
        move_up(day, now)
    if after != before:
        touch(day.event.post)
    return attendance


@transaction.atomic
def change_details(*, person: Person, event: Event, details: Details, now: datetime) -> None:
    """Raises EventRefused, TextRefused."""
    require(person, "events:event:change", event.post, now=now)
    event = _locked_event(event)
    come = upcoming(event, now).filter(cancelled_at=None).aggregate(most=Max("coming"))["most"] or 0
    if details.seats is not None and details.seats < come:
        raise EventRefused("seats", come)
    first = event.starts_at.astimezone(event.zone).date()
    if details.repeats and details.until and details.until < first:
        raise EventRefused("until")
    event.seats = details.seats
    event.cost = checked(details.cost, most=COST_LENGTH, may_be_empty=True)
    event.wanted = checked(details.wanted, most=WANTED_LENGTH, may_be_empty=True)
    event.ends_at = _end(event, details.ends)
    event.save(update_fields=["seats", "cost", "wanted", "ends_at"])
    if (details.repeats, details.until) != (repeats_of(event.rule), until_of(event.rule)):
        repeat(event, details.repeats, details.until, now)
    move_up_everywhere(event, now)
    touch(event.post)
    ring(audience_id=event.post.audience_id, post_id=event.post_id)


@transaction.atomic
def cancel_event(*, person: Person, event: Event, day: Occurrence | None = None, reason: str, now: datetime) -> None:
    """Called off, wholly or on one `day`; told at once to those who come. Twice is once. EventRefused, TextRefused.

    By whoever planned it; what a department planned, by an editor who speaks for it.
    """
    require(person, "events:event:cancel", event.post, now=now)
    reason = checked(reason, most=REASON_LENGTH, may_be_empty=True)
    event = _locked_event(event)
    days = upcoming(event, now).filter(cancelled_at=None)
    if day is not None:
        days = days.filter(pk=day.pk)
    if event.cancelled_at is not None or not days.exists():
        if upcoming(event, now).exists():
            return
        raise EventRefused("over")
    if day is None:
        Event.objects.filter(pk=event.pk).update(cancelled_at=now, reason=reason)
    call_off(event, days, reason, now, by=person)
    touch(event.post)
    ring(audience_id=event.post.audience_id, post_id=event.post_id)


def say_we_met(*, person: Person, day: Occurrence, now: datetime) -> None:
    """Afterwards, by somebody who came: one more in the counter, and nobody can tell who. Raises EventRefused."""
    require(person, "events:event:meet", day.event.post, now=now)
    if not may(person, "events:event:count", day.event.post):
        raise EventRefused("meeting_rests")
    was_there = Attendance.objects.filter(
        occurrence=day, person=person, answer=Attendance.Answer.YES, waiting_since=None
    ).exists()
    if not was_there or day.cancelled_at or day.starts_at > now:
        raise EventRefused("not_there")
    Meeting.objects.bulk_create([meeting_of(person, day)], ignore_conflicts=True)


def _require_open(day: Occurrence, now: datetime) -> None:
    if day.cancelled_at is not None:
        raise EventRefused("cancelled")
    if is_over(day, now):
        raise EventRefused("over")


def _has_seat(attendance: Attendance) -> bool:
    return attendance.answer == Attendance.Answer.YES and attendance.waiting_since is None


def _locked_event(event: Event) -> Event:
    Post.objects.select_for_update(no_key=True).get(pk=event.post_id)
    return Event.objects.select_related("post__audience__municipality", "post__author").get(pk=event.pk)


def _end(event: Event, ends: time | None) -> datetime | None:
    if ends is None:
        return None
    starts = event.starts_at.astimezone(event.zone)
    end = datetime.combine(starts.date(), ends, event.zone)
    return end if end > starts else datetime.combine(starts.date() + DAY, ends, event.zone)
